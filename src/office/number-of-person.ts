const HAN_DIGITS = '〇一二三四五六七八九';
/** So many Chinese digits side by side are a number; fewer stand in words. */
const HAN_NUMBER = /[零〇一二三四五六七八九]{3,}/g;
/** A day of this century, and a time of it, where no other digits stand beside them: together they have as many digits as an admission number. */
const DAY_AND_TIME =
  /(?<!\p{Nd}[^\p{L}\p{Nd}]*)20\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])[ T]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![^\p{L}\p{Nd}]*\p{Nd})/gu;
/** Periods and courses, as they are listed. */
const CODE = /^(?:\d\d(?:0[1-9]|1[0-2])|\d{5})$/;
const BETWEEN_CODES = /^\s*[,，、;；]\s*$/;

/** Digits of an admission number, and of citizen numbers of old and new. */
const LENGTHS: ReadonlySet<number> = new Set([12, 15, 18]);
/** Of a citizen number before an X. */
const BEFORE_X = 17;
const LONGEST = 18;

/**
 * Whether a text holds what may be a citizen number or an admission number, however its digits are written and whatever but letters stands
 * between them.
 */
export function hasNumberOfPerson(text: string): boolean {
  const normal = text.normalize('NFKC');
  return [text, normal].some((each) => runsOf(each.replace(DAY_AND_TIME, '日').replace(HAN_NUMBER, (digits) => ` ${asDigits(digits)} `)).some(holdsNumber));
}

function asDigits(digits: string): string {
  return Array.from(digits.replaceAll('零', '〇'), (digit) => HAN_DIGITS.indexOf(digit)).join('');
}

/** What stands between letters; an X ends a citizen number. */
function runsOf(text: string): readonly string[] {
  return text.match(/[^\p{L}]+[Xx]?/gu) ?? [];
}

/** Whether some groups of digits side by side have together as many as a number of a person. */
function holdsNumber(run: string): boolean {
  const groups = [...run.matchAll(/\p{Nd}+/gu)].map(({ 0: digits, index }) => ({ digits, index, end: index + digits.length }));
  return groups.some((_, first) => {
    let [total, isListed] = [0, true];
    for (const [at, { digits, index, end }] of groups.slice(first).entries()) {
      total += [...digits].length;
      if (total > LONGEST) return false;
      const before = groups[first + at - 1];
      isListed &&= CODE.test(digits) && (at === 0 || BETWEEN_CODES.test(run.slice(before?.end, index)));
      const isBeforeX = total === BEFORE_X && /^[^\p{L}\p{Nd}]*x$/iu.test(run.slice(end));
      if ((LENGTHS.has(total) && !isListed) || isBeforeX) return true;
    }
    return false;
  });
}
