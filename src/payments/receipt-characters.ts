import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Noto Sans SC comes in files, each with the characters of some ranges. */
export const FONT = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/files/noto-sans-sc-latin-wght-normal.woff2')));

let fileByCharacter: ReadonlyMap<number, string> | undefined;

/** Whether the font has every character of a text: a rare one of a name may be missing. */
export function isPrintable(text: string): boolean {
  return [...text].every((character) => fileOf(character) !== undefined);
}

/** A text cut where the font's files change; a character that none has is in a run without a file. */
export function runsOf(text: string): readonly { readonly file: string | undefined; readonly text: string }[] {
  const runs: { readonly file: string | undefined; text: string }[] = [];
  for (const character of text) {
    const file = fileOf(character);
    const last = runs.at(-1);
    if (last && last.file === file) last.text += character;
    else runs.push({ file, text: character });
  }
  return runs;
}

/** The file of the font that has a character. */
export function fileOf(character: string): string | undefined {
  fileByCharacter ??= readFiles();
  return fileByCharacter.get(character.codePointAt(0) ?? 0);
}

/** By code point. The last file that has it: Latin ones stand at the end. */
function readFiles(): ReadonlyMap<number, string> {
  const ranges = JSON.parse(readFileSync(join(FONT, 'unicode.json'), 'utf8')) as Readonly<Record<string, string>>;
  const files = new Map<number, string>();
  for (const [name, text] of Object.entries(ranges)) {
    const file = `noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`;
    for (const range of text.split(',')) {
      const [first = 0, last = first] = range
        .slice('U+'.length)
        .split('-')
        .map((hex) => Number.parseInt(hex, 16));
      for (let at = first; at <= last; at++) files.set(at, file);
    }
  }
  return files;
}
