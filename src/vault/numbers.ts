/** How admission and citizen numbers are normalised for comparing and hashing. */

const GB_11643_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** The check character, indexed by the weighted sum modulo 11. */
const GB_11643_CHECKS = '10X98765432';

/** Spaces, hyphens, dashes and invisible characters. */
const BETWEEN_DIGITS = /[\s\p{Pd}\u2212\p{Default_Ignorable_Code_Point}]/gu;

/** A number in NFKC without separators, with letters in capitals. Does not validate it. */
export function normalisedNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(BETWEEN_DIGITS, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** 准考证号: 12 digits; no other rule is known. Expects a normalised number. */
export function isAdmissionNo(number: string): boolean {
  return /^\d{12}$/.test(number);
}

/** 身份证号 by GB 11643: 18 characters, a real birth date and the right check character. Expects a normalised number. */
export function isCitizenNo(number: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false;
  const sum = GB_11643_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return GB_11643_CHECKS[sum % 11] === number[17] && citizenBirth(number) !== undefined;
}

/** The sex encoded in a citizen number: its 17th digit is odd for men. */
export function citizenSex(number: string): '男' | '女' {
  return Number(number[16]) % 2 === 1 ? '男' : '女';
}

/** The birth date encoded in a citizen number, `YYYY-MM-DD`; undefined when it is not a day from 1900 until today. */
export function citizenBirth(number: string): string | undefined {
  const birth = number.slice(6, 14).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const day = new Date(`${birth}T00:00:00Z`);
  const wasADay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(birth);
  return wasADay && birth >= '1900-01-01' && day.getTime() <= Date.now() ? birth : undefined;
}
