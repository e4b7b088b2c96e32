import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { builtFolder } from '../../web/views/view-files.js';

/** Noto Sans SC comes in files, each with the characters of some ranges. */
export const FONT = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/files/noto-sans-sc-latin-wght-normal.woff2')));

let fileByCharacter: ReadonlyMap<string, string> | undefined;

/** Whether the font has every character of a text: one of a rare or a foreign name may be missing. */
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
  return fileByCharacter.get(character);
}

/** By character, as the build has read it from the files themselves (build-receipt-characters.mjs). */
function readFiles(): ReadonlyMap<string, string> {
  const written = JSON.parse(readFileSync(join(builtFolder, 'receipt-characters.json'), 'utf8')) as {
    readonly characters: Readonly<Record<string, string>>;
  };
  return new Map(Object.entries(written.characters).flatMap(([file, characters]) => [...characters].map((each) => [each, file] as const)));
}
