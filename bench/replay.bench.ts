import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SqliteEventStore } from '../src/event-store/sqlite.event-store.js';
import { knownEvents } from '../src/known-events.js';
import { difference } from '../src/read-models/difference.js';
import { buildOf } from '../src/read-models/projection.js';
import { SqliteBuildStore } from '../src/read-models/sqlite.build-store.js';
import { SqliteProjectionStore } from '../src/read-models/sqlite.projection-store.js';
import { openReadModels, tableOf } from '../src/read-models/sqlite.tables.js';
import { writeBatch } from '../test/imports/batch.js';
import { ask, askDuring, percentiles } from './asked.js';
import { MongodbPlace, rateOf } from './bare-replay.js';
import { type Finding, type LeftOut, median, rounds, said, scratch, secondsOf } from './measure.js';
import { ONE } from './one.js';
import { centre, imported } from './processes.js';
import { done, readModelsFile, rebuiltAnew, secondsFor } from './rebuilt.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { allShown } from './shown.js';
import { recordShuffled } from './shuffled-log.js';

const FEW = 40_000;
const MANY = 10 * FEW;
/** About each candidate. */
const EVENTS = 10;
/** Events of the naive rebuild: for all it would take many minutes, and each the longer the more documents there are. */
const NAIVE = 100_000;
/** Of the pages that are asked for meanwhile. */
const PAGES = { candidates: 2_000, perSecond: 200, seconds: 5 };

/** One read model made anew from a log in which no two events of a candidate stand together, nine of them in each document. */
export async function* replay(): AsyncGenerator<Finding | LeftOut> {
  const folder = await scratch();
  const [few, many] = [join(folder, 'few'), join(folder, 'many')];
  await recordLog(few, FEW);
  const atFew = median((await rounds(3, { made: async () => (await rebuiltAnew(few, 'one')).seconds })).made);
  yield* onMongodb(few);
  await recordLog(many, MANY);
  let memory = 0;
  const { read, made } = await rounds(2, {
    read: () => secondsFor({ kind: 'read', dataDir: many }),
    made: async () => {
      const { seconds, peak } = await rebuiltAnew(many, 'one');
      memory = Math.max(memory, peak);
      return seconds;
    },
  });
  const [atMany, reading] = [median(made), median(read)];
  const events = MANY * EVENTS;
  const rebuild = `rebuild: ${rateOf(atMany, events)}`;
  yield {
    what: `rebuild of ${ONE.name} from ${events} events, 9 a document in random order, against one thread's decoded read of the log`,
    figures: [rebuild, `read: ${rateOf(reading, events)}`],
    value: atMany / reading,
    aim: { most: 1.8 },
  };
  yield { what: `memory of the process that rebuilds from ${events} events`, figures: [rebuild], value: memory, unit: 'MiB', aim: { most: 512 } };
  yield {
    what: 'time of a rebuild at 10 times the events',
    figures: [`${FEW * EVENTS} events: ${said(atFew, 's')}`, `${events} events: ${said(atMany, 's')}`],
    value: atMany / atFew,
    aim: { most: 11 },
  };
  const naive = (await secondsFor({ kind: 'naive', dataDir: many, events: NAIVE })) / NAIVE;
  const naively = naive * MANY * (EVENTS - 1);
  yield {
    what: 'rebuild, against a naive one with a transaction an event and the same synchronous',
    figures: [rebuild, `naive: ${said(1 / naive, 'events/s')} over the first ${NAIVE}, ${said(naively, 's')} for all at that rate`],
    value: naively / atMany,
    aim: { least: 20 },
  };
  yield* differing(many, atMany);
  yield* besidePages(folder, many, reading);
  await rm(folder, { recursive: true });
}

async function recordLog(dataDir: string, candidates: number): Promise<void> {
  await mkdir(dataDir);
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  await recordShuffled(events, candidates);
  await events.close();
}

async function* onMongodb(dataDir: string): AsyncGenerator<Finding | LeftOut> {
  const what = `rebuild of ${FEW} documents on MongoDB's protocol, against the read and a bare bulkWrite of the same documents`;
  const { MONGODB_URL: server } = process.env;
  if (!server) {
    yield { what, leftOut: 'MONGODB_URL is not set' };
    return;
  }
  const { made, bare } = await rounds(3, {
    made: async () => {
      const place = new MongodbPlace(server);
      const seconds = await secondsFor({ kind: 'rebuild', dataDir, readModels: 'one', readModelsUrl: place.url });
      await place.drop();
      return seconds;
    },
    bare: () => secondsFor({ kind: 'read and insert', dataDir, mongodb: server }),
  });
  const [seconds, least] = [median(made), median(bare)];
  yield { what, figures: [`rebuild: ${said(seconds, 's')}`, `read and bulkWrite: ${said(least, 's')}`], value: seconds / least, aim: { most: 1.3 } };
}

/** A centre of its own answers pages meanwhile. */
async function* besidePages(folder: string, dataDir: string, reading: number): AsyncGenerator<Finding> {
  const [batch, centreDir] = [join(folder, 'batch'), join(folder, 'centre')];
  await mkdir(centreDir);
  await writeBatch(batch, { candidates: PAGES.candidates });
  await imported(batch, centreDir);
  const { address, stop } = await centre(centreDir);
  await allShown(centreDir);
  const cookies = sessionsOf(await candidateIds(centreDir, PAGES.candidates));
  const asked = () => ask({ url: address, path: '/center', cookies, perSecond: PAGES.perSecond, seconds: PAGES.seconds });
  const { outcome, times } = await askDuring(asked, rebuiltAnew(dataDir, 'one'));
  await stop();
  const { seconds } = outcome;
  yield {
    what: `rebuild at low priority beside ${PAGES.perSecond} pages/s, against the decoded read with nothing beside it`,
    figures: [`rebuild: ${said(seconds, 's')}`, `read: ${said(reading, 's')}`, `pages: ${percentiles(times)}`],
    value: seconds / reading,
    aim: { most: 2.4 },
  };
}

/** What is served against what was rebuilt, as they are and when every document is another. */
async function* differing(dataDir: string, rebuilding: number): AsyncGenerator<Finding> {
  await done({ kind: 'rebuild', dataDir, readModels: 'one' });
  const file = readModelsFile(dataDir);
  const [builds, store] = [new SqliteBuildStore(file), new SqliteProjectionStore(file)];
  const compared = async (expected: number) => {
    const { changed } = await difference(ONE, buildOf(ONE, 2), { builds, store });
    if (changed.documents !== expected) throw new Error(`${changed.documents} documents differ, not ${expected}`);
  };
  const equal = await secondsOf(() => compared(0));
  const db = openReadModels(file);
  db.exec(`UPDATE ${tableOf(ONE)} SET document = json_set(document, '$.damaged', 1)`);
  db.close();
  const all = await secondsOf(() => compared(MANY));
  await Promise.all([builds.close(), store.close()]);
  yield {
    what: `difference of ${MANY} documents, every one of them another, against the rebuild`,
    figures: [`all another: ${said(all, 's')}`, `all the same: ${said(equal, 's')}`, `rebuild: ${said(rebuilding, 's')}`],
    value: all / rebuilding,
    aim: { most: 0.5 },
  };
}
