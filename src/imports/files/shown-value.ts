const LONGEST_SHOWN = 60;
const NOT_SHOWN = '（不显示）';

/** Columns of which three characters are shown, by which the office can find the row. */
const BEGINNING_SHOWN = new Set(['admission_no', 'id_no']);
/** Columns of which nothing is shown, because they are personal. */
const NOTHING_SHOWN = new Set(['password_hash', 'birth', 'sex', 'health', 'ethnicity', 'household', 'photo', 'remark', 'detail', 'body']);
/** Anything but a code such as `normal` or `2610`: in a file of persons it may be a name in the wrong column. */
const NOT_CODED = /[^ -~]|\d{6}/;
/** Numbers as long as a person's. */
const LONG_NUMBER = /(\d{3})\d{8,}[\dXx]?/g;

/** A value as reports and logs may show it: shortened, on one line, and with nothing personal, not even in a wrong column. */
export function shownValue(file: string, column: string, value: string): string {
  if (value === '') return '';
  if (NOTHING_SHOWN.has(column)) return NOT_SHOWN;
  const characters = [...value.slice(0, 2 * LONGEST_SHOWN + 2)];
  if (BEGINNING_SHOWN.has(column)) return `${characters.slice(0, 3).join('')}***`;
  // three characters would show most names completely
  if (file === 'candidates' && (column === 'name' || NOT_CODED.test(value))) return `${characters[0]}**`;
  const shown = characters.slice(0, LONGEST_SHOWN).join('');
  const whole = `${shown}${characters.length > LONGEST_SHOWN ? '…' : ''}`.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '·');
  return column === 'bill_no' ? whole : whole.replace(LONG_NUMBER, '$1***');
}
