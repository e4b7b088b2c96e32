import { openedPerson } from '../../registrations/person.js';
import { normalisedName } from '../../vault/names.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Account } from '../sign-in/accounts.js';

/** In Unicode characters (NIST SP 800-63B-3, 5.1.1.2; ADR 16 says why not the 15 of revision 4). No kinds of characters are required. */
const MIN_LENGTH = 8;
const MAX_LENGTH = 200;
/** Characters that must be left of a password without the person's name, birth date and numbers. */
const MIN_OTHER_CHARACTERS = 4;
/** Digits of a person's number in a row that count as the number. */
const MIN_NUMBER_PART = 6;

/** Frequent among Chinese passwords and not on the library's list. */
const ALSO_COMMON = ['woaini1314', 'woaini520', 'woaini521', '5201314520', '1314520520', '13145201314', 'abcd1234', 'qwe123456', 'zikao123', 'zikao123456'];
/** Sequences of digits, letters and keys. */
const SEQUENCES = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'];

/** Why a password is not accepted: the code of a refusal. */
export type PasswordProblem = 'password.short' | 'password.long' | 'password.unreadable' | 'password.common' | 'password.personal';

/** Data of a person that a password must not consist of, as far as it is known. `birth` is a date, `YYYY-MM-DD`. */
export interface PersonalData {
  readonly admissionNo?: string;
  readonly idNo?: string;
  readonly name?: string;
  readonly birth?: string;
}

export function personalDataOf({ candidate, safe }: Account): PersonalData {
  return openedPerson(candidate, safe) ?? {};
}

/** Why this may not be the new password of a person; undefined when it may. */
export async function passwordProblem(password: string, person: PersonalData = {}): Promise<PasswordProblem | undefined> {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) return 'password.unreadable';
  if (length < MIN_LENGTH) return 'password.short';
  if (length > MAX_LENGTH) return 'password.long';
  const bare = text.toLowerCase().replace(/\s/g, '');
  if (isPersonal(bare, person)) return 'password.personal';
  return isPattern(bare) || (await commonPasswords()).has(text.toLowerCase()) || (await commonPasswords()).has(bare) ? 'password.common' : undefined;
}

/** A short piece repeated, or part of a sequence, forwards or backwards. */
function isPattern(text: string): boolean {
  if (/^(.{1,4})\1+$/u.test(text)) return true;
  const backwards = [...text].toReversed().join('');
  return SEQUENCES.some((sequence) => sequence.includes(text) || sequence.includes(backwards));
}

function isPersonal(text: string, { admissionNo, idNo, name, birth }: PersonalData): boolean {
  const numbers = [admissionNo, idNo].flatMap((number) => (number ? [normalisedNumber(number).toLowerCase()] : []));
  const days = birth ? [birth.replaceAll('-', ''), birth.slice(2).replaceAll('-', ''), birth.slice(0, 4)] : [];
  const names = name ? [name.replace(/\s/g, ''), normalisedName(name)].map((each) => each.toLowerCase()).filter((each) => each !== '') : [];
  let left = text;
  for (const number of numbers) left = withoutParts(left, number);
  for (const word of [...days, ...names]) left = left.replaceAll(word, '');
  return left !== text && [...left].length < MIN_OTHER_CHARACTERS;
}

/** The text without the parts of a number in it. */
function withoutParts(text: string, number: string): string {
  let left = '';
  for (let at = 0; at < text.length; ) {
    let end = at + MIN_NUMBER_PART;
    const isPart = end <= text.length && number.includes(text.slice(at, end));
    while (isPart && end < text.length && number.includes(text.slice(at, end + 1))) end++;
    if (!isPart) left += text[at];
    at = isPart ? end : at + 1;
  }
  return left;
}

let known: Promise<ReadonlySet<string>> | undefined;

/** 18,000 of the list's 50,000 are long enough. Loaded at the first use, because most processes never need them. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set([...dictionary['passwords-common'].filter((each) => each.length >= MIN_LENGTH), ...ALSO_COMMON]),
  );
  return known;
}
