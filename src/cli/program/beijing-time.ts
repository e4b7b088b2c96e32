import { BEIJING_OFFSET, beijing } from '../../kernel/beijing-time.js';
import { BadValue } from './errors.js';

export { beijing };

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
