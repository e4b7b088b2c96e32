import { withModernCharacters } from './modern-characters.js';

/** How names of people are compared, everywhere: in imports, the vault, 北京通 and searches. */

/** The number of the present rule by which names are hashed; `formerNormalisedName` was rule 1. */
export const NAME_RULE = 2;

/** Spaces and invisible characters. */
const INVISIBLE = /[\s\p{Default_Ignorable_Code_Point}]/gu;
/** Dots, hyphens and apostrophes between the parts of a name, which are often omitted. */
const BETWEEN_PARTS = /[.·•‧・∙⋅●᛫。⸱⸰⸳◦∘ꞏ𐄁\p{Pd}\u2212'’‘ʼ]/gu;
/** Characters that people type in place of 〇. */
const RINGS = /[○◯⭕]/gu;

/**
 * A name in the form in which names are compared and hashed: modern characters, NFKC, capital letters, 〇 for rings, and nothing between
 * its parts. Empty for a text that is not a name.
 */
export function normalisedName(text: string): string {
  const plain = bare(withModernCharacters(text)).normalize('NFKC').toUpperCase().normalize('NFKC');
  return bare(plain).replace(RINGS, '〇').normalize('NFKC');
}

function bare(text: string): string {
  return text.replace(INVISIBLE, '').replace(BETWEEN_PARTS, '');
}

/** Whether two names are the same, however they are written. */
export function isSameName(one: string, other: string): boolean {
  const name = normalisedName(one);
  return name !== '' && name === normalisedName(other);
}

/** The dots of the former rule. */
const FORMER_DOTS = /[.·•‧・∙⋅●᛫]/gu;

/** The form in which names were hashed until 1.0: all dots as `·`, private-use characters unchanged. For vaults whose names are not rehashed yet. */
export function formerNormalisedName(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').replace(FORMER_DOTS, '·').toUpperCase();
}
