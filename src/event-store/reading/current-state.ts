import { type Decider, evolved } from '../decider.js';
import type { Event, Stream } from '../event.js';
import type { EventStore } from '../event-store.js';
import { readableEvents } from './fold-history.js';

/**
 * What a stream's events come to now, to be shown. A decision reads its stream itself.
 * @throws StoreUnavailable also when a newer release has written to the stream
 */
export async function currentState<State, E extends Event>(events: Pick<EventStore, 'streams'>, { name }: Stream, decider: Decider<State, E>): Promise<State> {
  const [history = []] = await events.streams([name]);
  return evolved(decider, readableEvents<E>(history));
}
