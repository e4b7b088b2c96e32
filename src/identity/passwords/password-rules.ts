import { normalisedName } from '../../vault/names.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Account } from '../sign-in/accounts.js';

/** In characters as people count them (NIST SP 800-63B-3, 5.1.1.2; why not the 15 of revision 4: ADR 16). Nothing is asked of which they are. */
const SHORTEST = 8;
const LONGEST = 200;
/** What must be left of a password without the person's own name and numbers. */
const LEAST_OF_ITS_OWN = 4;
/** Of a number so much in one piece is the number. */
const PIECE_OF_A_NUMBER = 6;

/** Frequent among Chinese passwords, and not on the list, which was gathered elsewhere. */
const ALSO_COMMON = ['woaini1314', 'woaini520', 'woaini521', '5201314520', '1314520520', '13145201314', 'abcd1234', 'qwe123456', 'zikao123', 'zikao123456'];
/** What keyboards and counting bring about. */
const ROWS = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm', '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p'];

/** Why a password will not do: the code of a refusal. */
export type Unfit = 'password.short' | 'password.long' | 'password.unreadable' | 'password.common' | 'password.personal';

/** Of a person what is too easily guessed, as far as it is known. `birth` is a date, `YYYY-MM-DD`. */
export interface OwnWords {
  readonly admissionNo?: string;
  readonly idNo?: string;
  readonly name?: string;
  readonly birth?: string;
}

/** What is too easily guessed of an account's owner. */
export function ownWords({ candidate: { person }, safe }: Account): OwnWords {
  return (person && safe.open(person)) ?? {};
}

/** Why this may not be the new password of a person; undefined when it may. */
export async function unfitness(password: string, own: OwnWords = {}): Promise<Unfit | undefined> {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) return 'password.unreadable';
  if (length < SHORTEST) return 'password.short';
  if (length > LONGEST) return 'password.long';
  const bare = text.toLowerCase().replace(/\s/g, '');
  if (isPersonal(bare, own)) return 'password.personal';
  return isPattern(bare) || (await commonest()).has(text.toLowerCase()) || (await commonest()).has(bare) ? 'password.common' : undefined;
}

/** One short piece again and again, or a row of the keyboard, forwards or backwards. */
function isPattern(text: string): boolean {
  if (/^(.{1,4})\1+$/u.test(text)) return true;
  const backwards = [...text].toReversed().join('');
  return ROWS.some((row) => row.includes(text) || row.includes(backwards));
}

function isPersonal(text: string, { admissionNo, idNo, name, birth }: OwnWords): boolean {
  const numbers = [admissionNo, idNo].flatMap((number) => (number ? [normalisedNumber(number).toLowerCase()] : []));
  const days = birth ? [birth.replaceAll('-', ''), birth.slice(2).replaceAll('-', ''), birth.slice(0, 4)] : [];
  const names = name ? [name.replace(/\s/g, ''), normalisedName(name)].map((each) => each.toLowerCase()).filter((each) => each !== '') : [];
  let left = text;
  for (const number of numbers) left = withoutPieces(left, number);
  for (const word of [...days, ...names]) left = left.replaceAll(word, '');
  return left !== text && [...left].length < LEAST_OF_ITS_OWN;
}

/** Without what stands in the number in one piece. */
function withoutPieces(text: string, number: string): string {
  let left = '';
  for (let at = 0; at < text.length; ) {
    let end = at + PIECE_OF_A_NUMBER;
    const isPiece = end <= text.length && number.includes(text.slice(at, end));
    while (isPiece && end < text.length && number.includes(text.slice(at, end + 1))) end++;
    if (!isPiece) left += text[at];
    at = isPiece ? end : at + 1;
  }
  return left;
}

let known: Promise<ReadonlySet<string>> | undefined;

/** Nearly 50,000, of which 18,000 are long enough; read when the first is asked for, since most processes never ask. */
function commonest(): Promise<ReadonlySet<string>> {
  known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set([...dictionary['passwords-common'].filter((each) => each.length >= SHORTEST), ...ALSO_COMMON]),
  );
  return known;
}
