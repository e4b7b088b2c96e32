import MarkdownIt from 'markdown-it';
import { z } from 'zod';
import { withModernCharacters } from '../../vault/modern-characters.js';
import { normalisedNumber } from '../../vault/numbers.js';

/** Checks of single columns that several kinds of files share. Each reports at most one fault. */

/** Reads an empty field as undefined. */
export function optional<Column extends z.ZodType>(column: Column) {
  return z.preprocess((text) => (text === '' ? undefined : text), column.optional());
}

export function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, { error: `应为 ${values.join('、')} 之一` });
}

export const yesOrNo = oneOf('Y', 'N').transform((answer) => answer === 'Y');

const CONTROL = /\p{Cc}/u;

/** One line of text, trimmed, with private-use characters replaced by modern ones. */
export function line(longest: number) {
  return z
    .string()
    .trim()
    .transform(withModernCharacters)
    .refine((text) => text !== '' && text.length <= longest && !CONTROL.test(text), {
      error: `应填写，不超过 ${longest} 个字，不含换行等控制字符`,
      abort: true,
    });
}

/** What exports and spreadsheets write for a missing character or value: digits of any script, `?`, `□`, `#N/A`, direction marks. */
const NOT_IN_NAMES = /[\p{Nd}\p{No}?？□■▢◻◼☐#＃*＊\p{Bidi_Control}]|(?!〇)\p{Nl}/u;
const NO_NAME = /^(null|undefined|none|nan|n\/a)$/i;

/** 姓名. Accepts rare characters and dots of any kind, but not placeholders for missing characters or values. */
export const personName = line(100)
  .refine((text) => !NOT_IN_NAMES.test(text), { error: '姓名不能含有数字、?、□、#、* 等字符：可能是导出时缺字或错列', abort: true })
  .refine((text) => /[\p{L}〇]/u.test(text) && !NO_NAME.test(text), '不是姓名');

const CONTROL_BUT_LINES = /[^\P{Cc}\n\t]/u;

/** Text of one or more lines, separated by `\n`, with private-use characters replaced by modern ones. */
export function text(longest: number) {
  return z
    .string()
    .transform((given) => withModernCharacters(given.replaceAll('\r\n', '\n')))
    .refine((given) => given.trim() !== '' && given.length <= longest && !CONTROL_BUT_LINES.test(given), {
      error: `应填写，不超过 ${longest} 个字，不含控制字符`,
      abort: true,
    });
}

const withHtml = new MarkdownIt({ html: true }).disable('code');

/** Markdown without HTML. */
export const markdown = text(100_000).refine((body) => !holdsHtml(body), '不能含有 HTML 标签，请改用 Markdown');

function holdsHtml(text: string): boolean {
  if (!text.includes('<')) return false;
  return withHtml.parse(text, {}).some(({ type, children }) => type === 'html_block' || children?.some((child) => child.type === 'html_inline'));
}

/** 考期, YYMM. */
export const period = z.string().regex(/^\d{2}(0[1-9]|1[0-2])$/, '应为 4 位考期代码（年月），如 2610');
export const unit = z.string().regex(/^[A-Z]$/, '应为一个大写字母');
/** The code of a course, major or declaration period: opaque, but usable in a list and a URL. */
export const code = z.string().regex(/^(?!\.{1,2}$)[\p{L}\p{N}._-]{1,32}$/u, '应为代码，不超过 32 个字符，不含空格和斜线');
/** 账单号 */
export const billNo = z.string().regex(/^\d{14}$/, '应为 14 位数字');
/** 考场号 and 座次号. */
export const room = z.string().regex(/^\d{3}$/, '应为 3 位数字');
export const seat = z.string().regex(/^\d{2}$/, '应为 2 位数字');
/** The id of a declaration, application or notice: opaque, but not `.` or `..`, which a browser removes from a URL. */
export const id = z.string().regex(/^(?!\.{1,2}$)[^\p{Cc}\p{Z}]{1,64}$/u, '应填写编号，不超过 64 个字符，不含空格，也不能是 . 或 ..');
export const admissionNo = z.string().regex(/^\d{12}$/, '应为 12 位数字');
/** The number of any identity document, normalised for comparing. */
export const idNo = z
  .string()
  .transform(normalisedNumber)
  .refine((text) => /^[^\p{C}\p{Z}]{1,40}$/u.test(text), '应填写证件号码，不超过 40 个字符');

/** 证件类型 */
export const idType = oneOf('居民身份证', '港澳居民来往内地通行证', '台湾居民来往大陆通行证', '外国人永久居留证', '军官证');
export const sex = oneOf('男', '女');

/** The range of plausible years, which excludes mistyped ones. */
const EARLIEST = '1900';
const LATEST = '2200';
const possible = (text: string) => text >= EARLIEST && text < LATEST;

/** A day of the calendar, `YYYY-MM-DD`. */
export const date = z.iso.date({ error: '应为真实的日期，格式为 2026-10-24', abort: true }).refine(possible, '年份不在合理范围内');

/** ISO 8601 with an offset; read as an instant in UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: '应为带时区的时间，如 2026-10-24T09:00:00+08:00', abort: true })
  .refine(possible, { error: '年份不在合理范围内', abort: true })
  .transform((text) => new Date(text).toISOString());

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '应为 24 小时制的时间，如 09:00');

const wholeNumber = /^(0|[1-9]\d{0,8})$/;

/** A whole number between two others, both included. */
export function whole(least: number, most: number) {
  return z
    .string()
    .refine((text) => wholeNumber.test(text) && Number(text) >= least && Number(text) <= most, `应为 ${least} 到 ${most} 的整数`)
    .transform(Number);
}

/** Money in fen, up to ten million yuan. */
export const fen = z.string().regex(wholeNumber, '应为金额（分），非负整数').transform(Number);
