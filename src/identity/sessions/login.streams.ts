import type { Stream } from '../../event-store/event.js';

/** The sessions that a candidate began in one month (UTC). `began` is an ISO 8601 instant in UTC. */
export function loginStream(id: string, began: string): Stream {
  return { name: `login-${id}-${began.slice(0, 7).replace('-', '')}`, subject: id };
}
