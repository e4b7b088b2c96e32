import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { ImportEvent } from '../../imports/imports.events.js';
import { importStream } from '../../imports/imports.streams.js';

type Begun = Extract<ImportEvent, { type: 'ImportBegun' }>;

/** By correlation, the imports that recorded some of the events. */
export async function batchesOf(events: readonly Recorded[], store: Pick<EventStore, 'streams'>): Promise<ReadonlyMap<string, Begun['data']>> {
  const correlations = [...new Set(events.flatMap(({ metadata: { origin, correlation } }) => (origin === 'import' ? [correlation] : [])))];
  const histories = await store.streams(correlations.map((correlation) => importStream(correlation).name));
  return new Map(histories.flat().flatMap((event) => (isBegun(event) ? [[event.data.batch, event.data] as const] : [])));
}

function isBegun(event: Recorded): event is Recorded<Begun> {
  return !event.unknown && event.type === ('ImportBegun' satisfies Begun['type']);
}
