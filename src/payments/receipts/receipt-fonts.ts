import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import { FONT, fileOf } from './receipt-characters.js';

const REGULAR = 400;

/** TrueType subsets of the fonts that some texts need, by their files, in regular weight. */
export async function fontsFor(texts: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const characters = Map.groupBy(new Set(texts.join('')), fileOf);
  const fonts = new Map<string, Buffer>();
  for (const [file, used] of characters) {
    if (file === undefined) continue;
    const font = readFileSync(join(FONT, 'files', file));
    fonts.set(file, await subsetFont(font, [...used].join(''), { targetFormat: 'sfnt', variationAxes: { wght: REGULAR } }));
  }
  return fonts;
}
