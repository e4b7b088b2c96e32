import { EventStoreDBClient } from '@eventstore/db-client';
import { START } from '../src/event-store/event.js';
import { EventStoreDBEventStore } from '../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { eventStoreUrl } from '../src/event-store/eventstoredb/url.js';
import { knownEvents } from '../src/known-events.js';
import { type Finding, median, rounds, said, scratch, secondsOf } from './measure.js';
import { server } from './processes.js';
import { recordShuffled } from './shuffled-log.js';

const CANDIDATES = 5_000;
const ROUNDS = 7;

/** The log as the projector and a rebuild read it from EventStoreDB, against the loop that the client's documentation shows. */
export async function* eventstoredb(): AsyncGenerator<Finding> {
  const { ESDB_URL: real } = process.env;
  const started = real ? undefined : await server(new URL('./eventstoredb.server.js', import.meta.url), await scratch());
  const url = real || (started?.address ?? '');
  const store = new EventStoreDBEventStore(eventStoreUrl(url, { production: false }), knownEvents, async () => []);
  const client = EventStoreDBClient.connectionString`${url}`;
  await recordShuffled(store, CANDIDATES);
  const head = await store.head();
  const ours = () => secondsOf(() => readThrough(store, head));
  const bare = () => secondsOf(() => readBare(client));
  await rounds(1, { ours, bare }); // warms up
  const measured = await rounds(ROUNDS, { ours, bare });
  const events = await readBare(client);
  await store.close();
  await client.dispose();
  await started?.stop();
  const [reached, possible] = [events / median(measured.ours), events / median(measured.bare)];
  yield {
    what: `events a second of ${events} that are read through the adapter, against the client's own loop over readAll${real ? '' : ', from the server of the tests'}`,
    figures: [`adapter: ${said(reached, 'events/s')}`, `client: ${said(possible, 'events/s')}`],
    value: reached / possible,
    aim: { least: 0.9 },
  };
}

async function readThrough(store: EventStoreDBEventStore, head: string): Promise<void> {
  const enough = new AbortController();
  const take = async ({ position }: { readonly position: string }) => {
    if (position >= head) enough.abort();
  };
  await store.subscribe(START, undefined, take, enough.signal);
}

/** How many events of ours there are. */
async function readBare(client: EventStoreDBClient): Promise<number> {
  let events = 0;
  for await (const { event } of client.readAll()) if (event && !event.type.startsWith('$')) events++;
  return events;
}
