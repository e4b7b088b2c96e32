import { DateTime } from 'luxon';
import { lruCache } from '../../kernel/lru-cache.js';

/** Every date that a candidate reads is Beijing's. */
export const ZONE = 'Asia/Shanghai';

const WEEKDAYS = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Beijing has kept one offset since 1991, so whole days can be counted without asking a calendar. */
const OFFSET = 8 * 60 * MINUTE;
/** Texts of each format that are remembered. */
const MOST_REMEMBERED = 10_000;

/** An instant `2026-11-22T10:24:00Z` as `2026年11月22日 18:24`. */
export const moment = memoized((instant: string) => parse(instant).toFormat('yyyy年M月d日 HH:mm'));

/** The same with seconds, for receipts: `2026年11月22日 18:24:05`. */
export const exactMoment = memoized((instant: string) => parse(instant).toFormat('yyyy年M月d日 HH:mm:ss'));

/** A date `2026-11-28` as `2026年11月28日`. An instant is taken as Beijing's day. */
export const day = memoized((date: string) => parse(date).toFormat('yyyy年M月d日'));

/** A month `1998-03`, or the month of a date, as `1998年3月`. */
export const month = memoized((date: string) => parse(date).toFormat('yyyy年M月'));

/** A date as `11月28日 周六`. */
export const shortDay = memoized((date: string) => {
  const read = parse(date);
  return `${read.toFormat('M月d日')} ${weekday(read)}`;
});

/** The time of a paper: its date and start `09:00` as `2026年11月28日 周六 上午 09:00`. */
export function sitting(date: string, starts: string): string {
  return `${day(date)} ${weekdayOf(date)} ${halfDay(starts)} ${starts}`;
}

/** The same without its year: `11月28日 周六 上午 09:00`. */
export function shortSitting(date: string, starts: string): string {
  return `${shortDay(date)} ${halfDay(starts)} ${starts}`;
}

/** The weekday of a date: `周六`. */
export const weekdayOf = memoized((date: string) => weekday(parse(date)));

/** `上午` or `下午` of a start such as `14:30`. */
export function halfDay(starts: string): string {
  return starts < '12:00' ? '上午' : '下午';
}

/** A past instant as people say it: `今天 08:30`, `昨天 10:00`, `11月2日`, and in other years `2025年11月2日`. `now` is in milliseconds. */
export function ago(instant: string, now: number): string {
  const { year, date, time } = partsOf(instant);
  const days = dayNumber(now) - dayNumber(Date.parse(instant));
  if (days === 0) return `今天 ${time}`;
  if (days === 1) return `昨天 ${time}`;
  return year === new Date(now + OFFSET).getUTCFullYear() ? date : `${year}年${date}`;
}

/** How far off a date or an instant is, in whole days of Beijing: `今天`, `明天`, `还有 6 天`, `已过`. */
export function daysLeft(when: string, now: number): string {
  const days = dayNumber(parse(when).toMillis()) - dayNumber(now);
  if (days < 0) return '已过';
  if (days === 0) return '今天';
  return days === 1 ? '明天' : `还有 ${days} 天`;
}

/** The end of a window as `12月2日 17:00`. Midnight is written as the end of the day before: `12月1日 24:00`. */
export const until = memoized((instant: string) => {
  const end = endOfWindow(instant);
  return `${end.date} ${end.time}`;
});

/** The same with its year: `2026年12月1日 24:00`. */
export const windowEnd = memoized((instant: string) => `${endOfWindow(instant).year}年${until(instant)}`);

/**
 * The end of a window as a deadline, with the time left: `12月2日 17:00 截止，还有 10 天`, `明天 17:00 截止（11月29日）`,
 * `今天 17:00 截止，还有 3 小时`, afterwards `12月2日 17:00 已截止`; in other years with the year. `now` is in milliseconds.
 */
export function deadline(instant: string, now: number): string {
  const end = endOfWindow(instant);
  const at = Date.parse(instant);
  const named = end.year === new Date(now + OFFSET).getUTCFullYear() ? until(instant) : windowEnd(instant);
  if (at <= now) return `${named} 已截止`;
  const days = dayNumber(at - 1) - dayNumber(now);
  if (days > 1) return `${named} 截止，还有 ${days} 天`;
  return days === 1 ? `明天 ${end.time} 截止（${end.date}）` : `今天 ${end.time} 截止，还有 ${hoursLeft(at - now)}`;
}

/** Fen as yuan with two digits: `9000` is `90.00`. */
export function money(fen: number): string {
  return `${Math.trunc(fen / 100).toLocaleString('en-US')}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
}

/** Fen as an amount in a sentence: `9000` is `90 元`, `9050` is `90.50 元`. */
export function yuan(fen: number): string {
  return `${fen % 100 === 0 ? Math.trunc(fen / 100) : money(fen)} 元`;
}

/** The number of a document: its first three characters, then stars. */
export function masked(number: string): string {
  return number.slice(0, 3).padEnd(number.length, '*');
}

/** A period's code as the manual writes it: `1910` is `1910期`. */
export function periodCode(code: string): string {
  return `${code}期`;
}

interface DateParts {
  readonly year: number;
  /** `11月2日` */
  readonly date: string;
  /** `10:00` */
  readonly time: string;
}

const partsOf = memoized((instant: string): DateParts => {
  const read = parse(instant);
  return { year: read.year, date: read.toFormat('M月d日'), time: read.toFormat('HH:mm') };
});

const endOfWindow = memoized((instant: string): DateParts => {
  const end = parse(instant);
  if (end.hour !== 0 || end.minute !== 0 || end.second !== 0) return partsOf(instant);
  const last = end.minus({ days: 1 });
  return { year: last.year, date: last.toFormat('M月d日'), time: '24:00' };
});

function hoursLeft(milliseconds: number): string {
  return milliseconds < 60 * MINUTE ? `${Math.ceil(milliseconds / MINUTE)} 分钟` : `${Math.floor(milliseconds / (60 * MINUTE))} 小时`;
}

function dayNumber(instant: number): number {
  return Math.floor((instant + OFFSET) / DAY);
}

function weekday(date: DateTime): string {
  return WEEKDAYS[date.weekday - 1] ?? '';
}

/** @throws RangeError when the text is no date, or a page would show "Invalid DateTime" */
function parse(text: string): DateTime {
  const date = DateTime.fromISO(text, { zone: ZONE });
  if (!date.isValid) throw new RangeError(`"${text}" is no date`);
  return date;
}

/** All candidates of a sitting see the same few dates: each is formatted once. */
function memoized<T extends string | object>(format: (text: string) => T): (text: string) => T {
  const known = lruCache<T>(MOST_REMEMBERED);
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const formatted = format(text);
    known.set(text, formatted);
    return formatted;
  };
}
