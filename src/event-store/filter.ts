import type { Recorded } from './event.js';
import type { Filter } from './event-store.js';

/** Whether a filter, or none, lets an event through that this release can read. */
export function matches({ type, stream }: Recorded, filter: Filter | undefined): boolean {
  if (!filter) return true;
  if ('types' in filter) return filter.types.includes(type);
  if ('except' in filter) return !filter.except.includes(type);
  return stream.startsWith(filter.prefix);
}
