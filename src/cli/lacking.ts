import type { Position } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';

/** How many events a read model that has come to a position lacks; where the log counts no further, that there may be more. */
export async function lacking(events: EventStore, position: Position): Promise<{ readonly behind: number; readonly more: boolean }> {
  const behind = await events.count(position, await events.head());
  return { behind, more: behind >= events.countLimit };
}
