import type { Recorded } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import { EventRouting, keyOf, UnknownDocumentKey } from './event-routing.js';

/**
 * Why a build stops at its checkpoint: the document key of the next event in the log is unknown. Undefined when it can go on. Since a
 * build stops just before such an event, every process can tell this from the log.
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
