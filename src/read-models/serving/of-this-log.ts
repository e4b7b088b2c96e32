import type { EventStore } from '../../event-store/event-store.js';
import type { Checkpoint } from '../read-models.js';

/** Whether what stands where a checkpoint was set is what stood there then: otherwise it is of another log, or of a later state of this one. */
export async function isOfThisLog(events: EventStore, { position, eventId }: Checkpoint): Promise<boolean> {
  if (eventId === undefined) return position <= (await events.head());
  return (await events.at(position))?.id === eventId;
}
