import type { EventStore } from '../../event-store/event-store.js';
import type { Projection } from '../projection.js';
import type { Checkpoint } from '../read-models.js';
import { EventRouting, keyOf, UnknownDocumentKey } from './event-routing.js';

/**
 * Why a build goes no further than its checkpoint, which is of this log: nobody can tell whose the next event is. Undefined where it can
 * go on. A build that stops does so just before that event, so that the log tells it to every process.
 */
export async function stopReason(
  events: Pick<EventStore, 'read'>,
  projection: Projection,
  { position }: Pick<Checkpoint, 'position'>,
): Promise<string | undefined> {
  const { events: next } = await events.read(position, 1);
  const [event] = next;
  if (!event || new EventRouting([projection]).projectionsOf(event).length === 0) return undefined;
  try {
    keyOf(projection, event);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownDocumentKey) return error.message;
    throw error;
  }
}
