/** Numbers as people write them, brought to the one form under which they are compared and hashed. */

const GB_11643_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** The check character by the weighted sum modulo 11. */
const GB_11643_CHECKS = '10X98765432';

/** Spaces, hyphens and dashes of any kind, and characters that show nothing. */
const BETWEEN_DIGITS = /[\s\p{Pd}\u2212\p{Default_Ignorable_Code_Point}]/gu;

/** A number without what people put between its digits, in plain width, with `x` as `X`. Nothing is checked. */
export function normalisedNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replace(BETWEEN_DIGITS, '')
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
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

/** The sex inside a citizen number: its 17th digit is odd for men. */
export function citizenSex(number: string): '男' | '女' {
  return Number(number[16]) % 2 === 1 ? '男' : '女';
}

/** The birth date inside a citizen number, `YYYY-MM-DD`; undefined when there was no such day from 1900 until today. */
export function citizenBirth(number: string): string | undefined {
  const birth = number.slice(6, 14).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const day = new Date(`${birth}T00:00:00Z`);
  const wasADay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(birth);
  return wasADay && birth >= '1900-01-01' && day.getTime() <= Date.now() ? birth : undefined;
}
