import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';

const PACKAGE = '@fontsource-variable/noto-sans-sc';
const require = createRequire(import.meta.url);

/**
 * Writes dist/receipt-characters.json: the characters of each file of the receipts' font, by the file's own table of characters.
 * What the package declares (unicode.json) is for browsers to choose a file by, and says nothing of what is in it. Of several files
 * with a character it is the last one's: Latin ones stand at the end. Once for each version of the package: it takes a second.
 * @param {string} root
 */
export function writeReceiptCharacters(root) {
  const written = `${root}dist/receipt-characters.json`;
  const { version } = require(`${PACKAGE}/package.json`);
  if (existsSync(written) && JSON.parse(readFileSync(written, 'utf8')).version === version) return;
  const files = Object.keys(require(`${PACKAGE}/unicode.json`)).map((name) => `noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`);
  const fileByCharacter = new Map();
  for (const file of files) {
    const font = create(readFileSync(require.resolve(`${PACKAGE}/files/${file}`)));
    for (const code of font.characterSet) if (isShown(font, code)) fileByCharacter.set(String.fromCodePoint(code), file);
  }
  const characters = Object.fromEntries(files.map((file) => [file, [...fileByCharacter].flatMap(([each, of]) => (of === file ? each : [])).join('')]));
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(written, JSON.stringify({ version, characters }));
}

/** A glyph of its own that is not blank, but for spaces; what is to be seen of no text, such as a soft hyphen, is not printed. */
function isShown(font, code) {
  if (/\p{C}/u.test(String.fromCodePoint(code))) return false;
  const glyph = font.glyphForCodePoint(code);
  return glyph.id !== 0 && (glyph.path.commands.length > 0 || /\p{Zs}/u.test(String.fromCodePoint(code)));
}
