import type { WindowState } from './catalogue.events.js';

/** ISO 8601, a Date, or milliseconds since the epoch. */
export type Instant = string | Date | number;

/** The two ends of a window 时段; either may be missing. */
interface WindowEnds {
  readonly opens?: Instant | undefined;
  readonly closes?: Instant | undefined;
}

/** The state of a window at an instant. It includes its opening and excludes its end; without a known opening it is not open. */
export function windowState({ opens, closes }: WindowEnds, at: Instant): WindowState {
  if (!isReached(opens, at)) return 'not_open';
  return isReached(closes, at) ? 'closed' : 'open';
}

export function isOpen(window: WindowEnds, at: Instant): boolean {
  return windowState(window, at) === 'open';
}

/** Whether an instant is reached at another, the instant itself included; one that is not known never is. */
export function isReached(instant: Instant | undefined, at: Instant): boolean {
  return instant !== undefined && milliseconds(instant) <= milliseconds(at);
}

/** Milliseconds since the epoch. */
export function milliseconds(instant: Instant): number {
  if (typeof instant === 'number') return instant;
  return typeof instant === 'string' ? Date.parse(instant) : instant.getTime();
}
