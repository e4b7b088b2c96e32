import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';

const PACKAGE = '@fontsource-variable/noto-sans-sc';
const require = createRequire(import.meta.url);

/**
 * Writes receipt-characters.json: the characters of each file of the receipts' font, by the file's own table of characters.
 * What the package declares (unicode.json) is for browsers to choose a file by, and says nothing of what is in it. Of several files
 * with a character it is the last one's: Latin ones stand at the end. Reading them takes a second, so those of the last build are
 * taken over while the package is of the same version.
 * @param {string} built the folder to write into
 * @param {string} last the folder of the last build, which may be missing
 */
export function writeReceiptCharacters(built, last) {
  const written = `${built}receipt-characters.json`;
  const before = `${last}receipt-characters.json`;
  const { version } = require(`${PACKAGE}/package.json`);
  if (existsSync(before) && JSON.parse(readFileSync(before, 'utf8')).version === version) return copyFileSync(before, written);
  const files = Object.keys(require(`${PACKAGE}/unicode.json`)).map((name) => `noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`);
  const fileByCharacter = new Map();
  for (const file of files) {
    const font = create(readFileSync(require.resolve(`${PACKAGE}/files/${file}`)));
    for (const code of font.characterSet) if (isShown(font, code)) fileByCharacter.set(String.fromCodePoint(code), file);
  }
  const characters = Object.fromEntries(files.map((file) => [file, [...fileByCharacter].flatMap(([each, of]) => (of === file ? each : [])).join('')]));
  writeFileSync(written, JSON.stringify({ version, characters }));
}

/** A glyph of its own that is not blank, but for spaces; what is to be seen of no text, such as a soft hyphen, is not printed. */
function isShown(font, code) {
  if (/\p{C}/u.test(String.fromCodePoint(code))) return false;
  const glyph = font.glyphForCodePoint(code);
  return glyph.id !== 0 && (glyph.path.commands.length > 0 || /\p{Zs}/u.test(String.fromCodePoint(code)));
}
