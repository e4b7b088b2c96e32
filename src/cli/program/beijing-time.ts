import { BEIJING_OFFSET, beijing } from '../../kernel/beijing-time.js';
import { BadValue } from './errors.js';

export { beijing };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;
/** The same within a text; not where it is a key or a part of a path, which is written as it is given. */
const INSTANTS = /(?<![\w.-])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z(?!\w|\.\w|":|：)/g;

/** Properties that hold keys and paths. */
const NAMES: ReadonlySet<string> = new Set(['key', 'path', 'field']);

/** JSON in which each instant is Beijing's; names of properties stay. */
export function beijingJson(value: unknown): string {
  const shown = (name: string, each: unknown) => (typeof each === 'string' && INSTANT.test(each) && !NAMES.has(name) ? beijingOrSame(each) : each);
  return JSON.stringify(value, shown);
}

/** A text in which each instant is Beijing's. */
export function beijingText(text: string): string {
  return text.replace(INSTANTS, beijingOrSame);
}

/** What only looks like an instant, such as a 30th of February, stays. */
function beijingOrSame(instant: string): string {
  return Number.isNaN(Date.parse(instant)) ? instant : beijing(instant);
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** An instant that was given. */
export interface GivenTime {
  /** ISO 8601, in UTC. */
  readonly instant: string;
  /** As it is understood: Beijing's, and said to be where no offset was given. */
  readonly shown: string;
}

/** A time or a day, whose beginning is meant; without an offset it is Beijing's. @throws BadValue */
export function givenTime(text: string): GivenTime {
  const [whole, date, minutes = '00:00', seconds = '00', fraction = '', offset] = TIME.exec(text.trim()) ?? [];
  const local = `${date}T${minutes}:${seconds}${fraction}`;
  const written = new Date(`${local}Z`);
  // a day that there is not, such as the 30th of February, becomes another
  const exists = whole !== undefined && !Number.isNaN(written.getTime()) && written.toISOString().startsWith(`${date}T${minutes}`);
  const instant = new Date(`${local}${offset ?? BEIJING_OFFSET}`);
  if (!exists || Number.isNaN(instant.getTime())) throw new BadValue('应为时间，如 2026-11-22T18:00:00+08:00；不写时区就是北京时间');
  const shown = beijing(instant);
  return { instant: instant.toISOString(), shown: offset === undefined ? `北京时间 ${shown}` : shown };
}
