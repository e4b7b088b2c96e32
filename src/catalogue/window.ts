import type { Window, WindowState } from './catalogue.events.js';

/** How a window 时段 stands at an instant (a Date, or ISO 8601); one whose opening is not known is not open. */
export function windowAt({ opens, closes }: Window, at: Date | string): WindowState {
  if (opens === undefined || !hasCome(opens, at)) return 'not_open';
  return hasClosed(closes, at) ? 'closed' : 'open';
}

/** Whether a window that ends at an instant (ISO 8601) has ended; one whose end is not known has not. */
export function hasClosed(closes: string | undefined, at: Date | string): boolean {
  return closes !== undefined && hasCome(closes, at);
}

function hasCome(instant: string, at: Date | string): boolean {
  return Date.parse(instant) <= new Date(at).getTime();
}
