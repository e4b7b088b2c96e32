import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { builtFolder } from '../../web/views/view-files.js';

/** The folder of Noto Sans SC, whose files each have the characters of some ranges. */
export const FONT = dirname(dirname(createRequire(import.meta.url).resolve('@fontsource-variable/noto-sans-sc/files/noto-sans-sc-latin-wght-normal.woff2')));

let fileByCharacter: ReadonlyMap<string, string> | undefined;

/** Whether the font has every character of a text; it lacks some of rare and foreign names. */
export function isPrintable(text: string): boolean {
  return [...text].every((character) => fileOf(character) !== undefined);
}

/** A text divided into runs by the font's file; characters that no file has are in a run without a file. */
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

/** The font's file of each character, as the build has read it from the files (build-receipt-characters.mjs). */
function readFiles(): ReadonlyMap<string, string> {
  const written = JSON.parse(readFileSync(join(builtFolder, 'receipt-characters.json'), 'utf8')) as {
    readonly characters: Readonly<Record<string, string>>;
  };
  return new Map(Object.entries(written.characters).flatMap(([file, characters]) => [...characters].map((each) => [each, file] as const)));
}
