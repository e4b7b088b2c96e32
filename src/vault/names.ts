import { withModernCharacters } from './modern-characters.js';

/** Names of people, and the one rule by which two of them are one: for imports, the vault, 北京通 and searches. */

/** Counts the rules by which names were ever hashed: `formerNormalisedName` was the first. */
export const NAME_RULE = 2;

/** Spaces, and characters that show nothing. */
const UNSEEN = /[\s\p{Default_Ignorable_Code_Point}]/gu;
/** Dots, hyphens and apostrophes, which stand between the parts of a name or are left out. */
const BETWEEN_PARTS = /[.·•‧・∙⋅●᛫。⸱⸰⸳◦∘ꞏ𐄁\p{Pd}\u2212'’‘ʼ]/gu;
/** What people write who cannot type 〇. */
const RINGS = /[○◯⭕]/gu;

/**
 * A name in the form under which names are compared and hashed: modern characters, plain width, letters in capitals, 〇 for
 * rings, and nothing between its parts. Empty for a text that names nobody.
 */
export function normalisedName(text: string): string {
  const plain = bare(withModernCharacters(text)).normalize('NFKC').toUpperCase().normalize('NFKC');
  return bare(plain).replace(RINGS, '〇').normalize('NFKC');
}

function bare(text: string): string {
  return text.replace(UNSEEN, '').replace(BETWEEN_PARTS, '');
}

/** Whether two names are one as people and registers write it. */
export function isSameName(one: string, other: string): boolean {
  const name = normalisedName(one);
  return name !== '' && name === normalisedName(other);
}

/** The dots of the rule before. */
const FORMER_DOTS = /[.·•‧・∙⋅●᛫]/gu;

/** The form under which names were hashed until 1.0: all dots `·`, private characters as they came. For vaults not yet hashed anew. */
export function formerNormalisedName(text: string): string {
  return text.normalize('NFKC').replace(UNSEEN, '').replace(FORMER_DOTS, '·').toUpperCase();
}
