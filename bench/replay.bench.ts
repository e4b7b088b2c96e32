import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownEvents } from '../src/composition/known-events.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { buildOf } from '../src/read-models/projection.js';
import { difference } from '../src/read-models/rebuilding/difference.js';
import { SqliteBuildStore } from '../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../src/read-models/sqlite/projection-store.js';
import { openReadModels, tableOf } from '../src/read-models/sqlite/tables.js';
import { writeBatch } from '../test/imports/batch.js';
import { ask, askDuring, percentiles } from './asked.js';
import { MongodbPlace } from './bare-replay.js';
import { type Finding, type LeftOut, rounds, said, scratch, secondsOf } from './measure.js';
import { ONE } from './one.js';
import { centre, imported } from './processes.js';
import { done, medianOf, readModelsFile, rebuiltAnew, timeOf } from './rebuilt.js';
import type { ReplayDone } from './replay.process.js';
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
  const atFew = medianOf((await rounds(3, { made: () => rebuiltAnew(few, 'one') })).made);
  yield* onMongodb(few);
  await recordLog(many, MANY);
  const measured = await rounds(2, { read: () => done({ kind: 'read', dataDir: many }), made: () => rebuiltAnew(many, 'one') });
  const [read, made] = [medianOf(measured.read), medianOf(measured.made)];
  const events = MANY * EVENTS;
  const rebuild = `rebuild: ${timeOf(made)}`;
  yield {
    what: `rebuild of ${ONE.name} from ${events} events, 9 a document in random order, against one thread's decoded read of the log`,
    figures: [rebuild, `read: ${timeOf(read)}`],
    value: made.seconds / read.seconds,
    aim: { most: 1.8 },
  };
  yield { what: `memory of the process that rebuilds from ${events} events`, figures: [rebuild], value: made.peak, unit: 'MiB', aim: { most: 512 } };
  yield {
    what: 'time of a rebuild at 10 times the events',
    figures: [`${FEW * EVENTS} events: ${timeOf(atFew)}`, `${events} events: ${timeOf(made)}`],
    value: made.seconds / atFew.seconds,
    aim: { most: 11 },
  };
  const naive = await done({ kind: 'naive', dataDir: many, events: NAIVE });
  const share = (MANY * (EVENTS - 1)) / NAIVE;
  yield {
    what: 'rebuild, against a naive one with a transaction an event and the same synchronous',
    figures: [rebuild, `naive: ${timeOf(naive)} for the first ${NAIVE} events, ${said(naive.seconds * share, 's')} for all at that rate`],
    value: (naive.seconds * share) / made.seconds,
    aim: { least: 20 },
  };
  yield* differing(many, made);
  yield* besidePages(folder, many, read);
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
      const outcome = await done({ kind: 'rebuild', dataDir, readModels: 'one', readModelsUrl: place.url });
      await place.drop();
      return outcome;
    },
    bare: () => done({ kind: 'read and insert', dataDir, mongodb: server }),
  });
  const [rebuild, least] = [medianOf(made), medianOf(bare)];
  const figures = [`rebuild: ${timeOf(rebuild)}`, `read and bulkWrite: ${timeOf(least)}`];
  yield { what, figures, value: rebuild.seconds / least.seconds, aim: { most: 1.3 } };
}

/** A centre of its own answers pages meanwhile. */
async function* besidePages(folder: string, dataDir: string, read: ReplayDone): AsyncGenerator<Finding> {
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
  yield {
    what: `rebuild at low priority beside ${PAGES.perSecond} pages/s, against the decoded read with nothing beside it`,
    figures: [`rebuild: ${timeOf(outcome)}`, `read: ${timeOf(read)}`, `pages: ${percentiles(times)}`],
    value: outcome.seconds / read.seconds,
    aim: { most: 2.4 },
  };
}

/** What is served against what was rebuilt, as they are and when every document is another. */
async function* differing(dataDir: string, made: ReplayDone): AsyncGenerator<Finding> {
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
    figures: [`all another: ${said(all, 's')}`, `all the same: ${said(equal, 's')}`, `rebuild: ${timeOf(made)}`],
    value: all / made.seconds,
    aim: { most: 0.5 },
  };
}
