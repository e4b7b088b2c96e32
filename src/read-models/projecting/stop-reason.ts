import type { Recorded } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import { EventRouting, keyOf, UnknownDocumentKey } from './event-routing.js';

/**
 * Why a build goes no further than its checkpoint, by the event that follows it in the log: nobody can tell whose that is. Undefined
 * where it can go on. A build that stops does so just before that event, so that the log tells it to every process.
 */
export function stopReason(projection: Projection, next: Recorded): string | undefined {
  if (new EventRouting([projection]).projectionsOf(next).length === 0) return undefined;
  try {
    keyOf(projection, next);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownDocumentKey) return error.message;
    throw error;
  }
}
