import type { Stream } from '../../event-store/event.js';

/** The sessions that a candidate began in one month (UTC). `began` is an ISO 8601 instant in UTC. */
export function loginStream(id: string, began: string): Stream {
  return { name: `login-${id}-${began.slice(0, 7).replace('-', '')}`, subject: id };
}

/** The streams of all months between two instants, in either order. */
export function loginStreams(id: string, one: string, other: string): readonly Stream[] {
  const [month, last] = [new Date(one < other ? one : other), one < other ? other : one];
  month.setUTCDate(1);
  month.setUTCHours(0, 0, 0, 0);
  const streams: Stream[] = [];
  for (; month.toISOString() <= last; month.setUTCMonth(month.getUTCMonth() + 1)) streams.push(loginStream(id, month.toISOString()));
  return streams;
}
