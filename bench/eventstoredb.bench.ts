import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { knownEvents } from '../src/composition/known/events.js';
import { START } from '../src/event-store/event.js';
import { EventStoreDBEventStore } from '../src/event-store/eventstoredb/event-store.js';
import { parseEventStoreUrl } from '../src/event-store/eventstoredb/url.js';
import { writeBatch } from '../test/imports/batch.js';
import { appendByClient, importInto, importIntoOwnServer, streamsOf } from './eventstoredb-importing.js';
import { SHAPES, type Shape, writeByClient, writeOurs } from './eventstoredb-writing.js';
import { type Finding, formatted, median, type NotMeasured, quantile, rounds, scratchFolder, secondsOf } from './measure.js';
import { server } from './processes.js';
import { recordShuffled } from './shuffled-log.js';

const CANDIDATES = 5_000;
const READING_ROUNDS = 7;
/** Many short rounds: with a server on the same cores single rounds differ by a factor of three. */
const WRITING_ROUNDS = 25;
const IMPORTED = 1_000;
const IMPORTING_ROUNDS = 5;
/** Large enough that the process's start matters little. */
const IMPORTED_AGAINST_BEFORE = 4_000;

/** Reading the log from EventStoreDB as projector and rebuild do, and writing as commands and imports do, compared with the client alone. */
export async function* eventstoredb(): AsyncGenerator<Finding | NotMeasured> {
  const { ESDB_URL: real } = process.env;
  const started = real ? undefined : await server(new URL('./eventstoredb.server.js', import.meta.url), await scratchFolder());
  const url = real || (started?.address ?? '');
  const by = real ? '' : ', at the server of the tests';
  const store = new EventStoreDBEventStore(parseEventStoreUrl(url, { production: false }), knownEvents, async () => []);
  const client = EventStoreDBClient.connectionString(url.replace(/^kurrentdb/, 'esdb')); // the client does not know the scheme `kurrentdb`
  try {
    if ((await store.head()) === START) {
      yield await reading(store, client, by);
      for (const shape of SHAPES) yield await writing(store, client, shape, by);
      yield await importing(url, client, by);
    } else yield { what: 'reading and writing EventStoreDB', leftOut: 'the server that ESDB_URL names holds events, and an empty one is needed' };
  } finally {
    await store.close();
    await client.dispose();
    await started?.stop();
  }
  yield await againstBefore();
}

/** `BENCH_BEFORE` is the folder of an earlier release's build. */
async function againstBefore(): Promise<Finding | NotMeasured> {
  const { BENCH_BEFORE: before } = process.env;
  const what = `an import of ${IMPORTED_AGAINST_BEFORE} candidates, from the start of its process to its end, against the release before, each at a server of the tests of its own`;
  if (!before) return { what, leftOut: 'BENCH_BEFORE does not name the folder of an earlier release' };
  const folder = await scratchFolder();
  await writeBatch(join(folder, 'batch'), { candidates: IMPORTED_AGAINST_BEFORE });
  const program = join(before, 'dist/src/cli.js');
  const measured = await rounds(IMPORTING_ROUNDS, { ours: () => importIntoOwnServer(folder), bare: () => importIntoOwnServer(folder, program) });
  return {
    what,
    figures: [
      `this release: ${formatted(median(measured.ours), 's')}`,
      `the release before: ${formatted(median(measured.bare), 's')}`,
      `ratios of its rounds, 25 and 75 %: ${quartersOf(measured)}`,
    ],
    value: ratioOf(measured),
    aim: { least: 2.5 },
  };
}

async function reading(store: EventStoreDBEventStore, client: EventStoreDBClient, by: string): Promise<Finding> {
  await recordShuffled(store, CANDIDATES);
  const head = await store.head();
  const ours = () => secondsOf(() => readThrough(store, head));
  const bare = () => secondsOf(() => readBare(client));
  await rounds(1, { ours, bare }); // warms up
  const measured = await rounds(READING_ROUNDS, { ours, bare });
  const events = await readBare(client);
  const [reached, possible] = [events / median(measured.ours), events / median(measured.bare)];
  return {
    what: `events a second of ${events} that are read through the adapter, against the client's own loop over readAll${by}`,
    figures: [`adapter: ${formatted(reached, 'events/s')}`, `client: ${formatted(possible, 'events/s')}`],
    value: ratioOf(measured),
    aim: { least: 0.9 },
  };
}

async function writing(store: EventStoreDBEventStore, client: EventStoreDBClient, shape: Shape, by: string): Promise<Finding> {
  const ours = () => secondsOf(() => writeOurs(store, shape));
  const bare = () => secondsOf(() => writeByClient(client, shape));
  await rounds(1, { ours, bare }); // warms up
  const measured = await rounds(WRITING_ROUNDS, { ours, bare });
  const { inFlight, events, appends } = shape;
  const [reached, possible] = [appends / median(measured.ours), appends / median(measured.bare)];
  return {
    what: `appends a second of ${events === 1 ? 'one event' : `${events} events`}, ${inFlight} at a time, through the adapter, against the client's own batches${by}`,
    figures: [
      `adapter: ${formatted(reached, 'appends/s')}`,
      `client: ${formatted(possible, 'appends/s')}`,
      `ratios of its rounds, 25 and 75 %: ${quartersOf(measured)}`,
    ],
    value: ratioOf(measured),
    aim: { least: 0.9 },
  };
}

/** An import starts a process, reads and checks files, uses the vault and decides; the client only appends the resulting events. */
async function importing(url: string, client: EventStoreDBClient, by: string): Promise<Finding> {
  const folder = await scratchFolder();
  await writeBatch(join(folder, 'batch'), { candidates: IMPORTED });
  const log = await importInto(url, folder);
  const streams = await streamsOf(url, log);
  const ours = async () => (await importInto(url, folder)).seconds;
  const bare = () => secondsOf(() => appendByClient(client, streams));
  await bare(); // warms up
  const measured = await rounds(IMPORTING_ROUNDS, { ours, bare });
  const { rows, recorded } = log;
  return {
    what: `an import of ${IMPORTED} candidates, from the start of its process to its end, against the client's own appends of the same ${recorded} events, a stream each${by}`,
    figures: [
      `import: ${formatted(median(measured.ours), 's')}, ${formatted(rows / median(measured.ours), 'rows/s')}`,
      `client: ${formatted(median(measured.bare), 's')} for ${streams.length} streams`,
      `ratios of its rounds, 25 and 75 %: ${quartersOf(measured)}`,
    ],
    value: ratioOf(measured),
    aim: { least: 0.2 },
  };
}

interface Measured {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

/** The client's time divided by ours, round by round, since both had the same load in a round. */
function ratiosOf({ ours, bare }: Measured): readonly number[] {
  return ours.map((seconds, round) => (bare[round] ?? Number.NaN) / seconds);
}

function ratioOf(measured: Measured): number {
  return median(ratiosOf(measured));
}

function quartersOf(measured: Measured): string {
  return [0.25, 0.75].map((share) => formatted(quantile(ratiosOf(measured), share))).join(' and ');
}

async function readThrough(store: EventStoreDBEventStore, head: string): Promise<void> {
  const enough = new AbortController();
  const take = async ({ position }: { readonly position: string }) => {
    if (position >= head) enough.abort();
  };
  await store.subscribe(START, undefined, take, enough.signal);
}

/** The number of our events. */
async function readBare(client: EventStoreDBClient): Promise<number> {
  let events = 0;
  for await (const { event } of client.readAll()) if (event && !event.type.startsWith('$')) events++;
  return events;
}
