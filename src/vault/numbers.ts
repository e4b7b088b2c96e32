/** Numbers and names as people write them, brought to the one form under which they are compared and hashed. */

const GB_11643_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** The check character by the weighted sum modulo 11. */
const GB_11643_CHECKS = '10X98765432';

/** Spaces, hyphens and dashes of any kind, and characters that show nothing. */
const BETWEEN_DIGITS = /[\s\p{Pd}\u2212\p{Default_Ignorable_Code_Point}]/gu;
const BETWEEN_NAMES = /[\s\p{Default_Ignorable_Code_Point}]/gu;
/** The dot between the parts of a name, in the ways keyboards and registers write it; NFKC has made ．a full stop. */
const DOTS = /[.·•‧・∙⋅●᛫]/gu;

/** A number without what people put between its digits, in plain width, with `x` as `X`. Nothing is checked. */
export function normalisedNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(BETWEEN_DIGITS, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** A name without spaces, in plain width, its dots all `·`, letters in capitals: equal when people call it the same. */
export function normalisedName(text: string): string {
  return text.normalize('NFKC').replace(BETWEEN_NAMES, '').replace(DOTS, '·').toUpperCase();
}

/**
 * GBK gave 80 characters private places (U+E815 onwards) that Unicode has others for by now: a register of before writes 䶮
 * with the one, a phone with the other. The characters of those places, in their order (GB 18030-2022, table of changes).
 */
const FIRST_PRIVATE = 0xe815;
const GBK_PRIVATE = [
  ...'⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻',
];
const PRIVATE = /[\ue815-\ue864]/g;
/** Between the parts of a name, or in place of that: further dots, hyphens and apostrophes. */
const BETWEEN_PARTS = /[·。⸱⸰◦∘˙ꞏ𐄁\p{Pd}'’‘ʼ]/gu;
/** What people write who cannot type 〇. */
const RINGS = /[○◯⭕]/gu;

/**
 * Whether two names are one as people and registers write it: as `normalisedName` has them, and whichever dot stands between their
 * parts, or none, and whether a rare character has its old private place or its own. For two names of one citizen number; what
 * the vault's hashes are made of stays as it is.
 */
export function isSameName(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

function bare(name: string): string {
  const written = name.replace(PRIVATE, (character) => GBK_PRIVATE[(character.codePointAt(0) ?? 0) - FIRST_PRIVATE] ?? character);
  return normalisedName(written).replace(BETWEEN_PARTS, '').replace(RINGS, '〇');
}

/** 准考证号: 12 digits and nothing more is known of it. Takes it normalised. */
export function isAdmissionNo(number: string): boolean {
  return /^\d{12}$/.test(number);
}

/** 身份证号 by GB 11643: 18 characters, a birth date that was a day, the right check character. Takes it normalised. */
export function isCitizenNo(number: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false;
  const sum = GB_11643_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return GB_11643_CHECKS[sum % 11] === number[17] && citizenBirth(number) !== undefined;
}

/** The birth date inside a citizen number, `YYYY-MM-DD`; undefined when there was no such day from 1900 until today. */
export function citizenBirth(number: string): string | undefined {
  const birth = number.slice(6, 14).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const day = new Date(`${birth}T00:00:00Z`);
  const wasADay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(birth);
  return wasADay && birth >= '1900-01-01' && day.getTime() <= Date.now() ? birth : undefined;
}

/** A number of a document as pages show it: the first three characters, then a star for each other. */
export function maskedCitizenNo(number: string): string {
  const characters = [...number];
  return characters.slice(0, 3).join('') + '*'.repeat(Math.max(0, characters.length - 3));
}
