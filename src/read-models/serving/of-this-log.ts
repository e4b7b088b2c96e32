import type { EventStore } from '../../event-store/event-store.js';
import type { Checkpoint } from '../read-models.js';

/** Whether the log still holds the checkpoint's event at its position: otherwise the checkpoint is of another log, or of a later state of this one. */
export async function isOfThisLog(events: Pick<EventStore, 'at' | 'head'>, { position, eventId }: Checkpoint): Promise<boolean> {
  if (eventId === undefined) return position <= (await events.head());
  return (await events.at(position))?.id === eventId;
}
