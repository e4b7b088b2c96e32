import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { difference } from '../src/read-models/differences/difference.js';
import { buildOf } from '../src/read-models/projection.js';
import { SqliteBuildStore } from '../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../src/read-models/sqlite/projection-store.js';
import { openReadModelsFile, tableOf } from '../src/read-models/sqlite/tables.js';
import { writeBatch } from '../test/imports/batch.js';
import { ScratchDatabase } from './bare-replay.js';
import { LARGEST } from './largest-read-model.js';
import { type Finding, formatted, type NotMeasured, rounds, scratchFolder, secondsOf } from './measure.js';
import { centre, importFolder } from './processes.js';
import { medianOf, readModelsFile, rebuild, runReplayTask, timeOf } from './rebuild-runs.js';
import type { ReplayRun } from './replay.process.js';
import { measureDuring, measureRequests, percentiles } from './request-times.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { recordShuffled } from './shuffled-log.js';
import { waitUntilShown } from './wait-until-shown.js';

const FEW = 40_000;
const MANY = 10 * FEW;
/** Events about each candidate. */
const EVENTS = 10;
/** Events of the naive rebuild, which would take many minutes for all, and gets slower with the number of documents. */
const NAIVE = 100_000;
/** Requests per second for pages meanwhile. */
const PAGES = { candidates: 2_000, perSecond: 200, seconds: 5 };

/** Rebuilding one read model from a log in which no two events of a candidate are adjacent, with nine events for each document. */
export async function* replay(): AsyncGenerator<Finding | NotMeasured> {
  const folder = await scratchFolder();
  const [few, many] = [join(folder, 'few'), join(folder, 'many')];
  await recordLog(few, FEW);
  const atFew = medianOf((await rounds(3, { made: () => rebuild(few, 'one') })).made);
  yield* onMongodb(few);
  await recordLog(many, MANY);
  const measured = await rounds(2, { read: () => runReplayTask({ kind: 'read', dataDir: many }), made: () => rebuild(many, 'one') });
  const [read, made] = [medianOf(measured.read), medianOf(measured.made)];
  const events = MANY * EVENTS;
  const rebuildTime = `rebuild: ${timeOf(made)}`;
  yield {
    what: `rebuild of ${LARGEST.name} from ${events} events, 9 a document in random order, against one thread's decoded read of the log`,
    figures: [rebuildTime, `read: ${timeOf(read)}`],
    value: made.seconds / read.seconds,
    aim: { most: 1.8 },
  };
  yield { what: `memory of the process that rebuilds from ${events} events`, figures: [rebuildTime], value: made.peak, unit: 'MiB', aim: { most: 512 } };
  yield {
    what: 'time of a rebuild at 10 times the events',
    figures: [`${FEW * EVENTS} events: ${timeOf(atFew)}`, `${events} events: ${timeOf(made)}`],
    value: made.seconds / atFew.seconds,
    aim: { most: 11 },
  };
  const naive = await runReplayTask({ kind: 'naive', dataDir: many, events: NAIVE });
  const share = (MANY * (EVENTS - 1)) / NAIVE;
  yield {
    what: 'rebuild, against a naive one with a transaction an event and the same synchronous',
    figures: [rebuildTime, `naive: ${timeOf(naive)} for the first ${NAIVE} events, ${formatted(naive.seconds * share, 's')} for all at that rate`],
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

async function* onMongodb(dataDir: string): AsyncGenerator<Finding | NotMeasured> {
  const what = `rebuild of ${FEW} documents on MongoDB's protocol, against the read and a bare bulkWrite of the same documents`;
  const { MONGODB_URL: server } = process.env;
  if (!server) {
    yield { what, leftOut: 'MONGODB_URL is not set' };
    return;
  }
  const { made, bare } = await rounds(3, {
    made: async () => {
      const place = new ScratchDatabase(server);
      const outcome = await runReplayTask({ kind: 'rebuild', dataDir, readModels: 'one', readModelsUrl: place.url });
      await place.drop();
      return outcome;
    },
    bare: () => runReplayTask({ kind: 'read and insert', dataDir, mongodb: server }),
  });
  const [rebuilt, least] = [medianOf(made), medianOf(bare)];
  const figures = [`rebuild: ${timeOf(rebuilt)}`, `read and bulkWrite: ${timeOf(least)}`];
  yield { what, figures, value: rebuilt.seconds / least.seconds, aim: { most: 1.3 } };
}

/** The times of pages that a centre answers meanwhile. */
async function* besidePages(folder: string, dataDir: string, read: ReplayRun): AsyncGenerator<Finding> {
  const [batch, centreDir] = [join(folder, 'batch'), join(folder, 'centre')];
  await mkdir(centreDir);
  await writeBatch(batch, { candidates: PAGES.candidates });
  await importFolder(batch, centreDir);
  const { address, stop } = await centre(centreDir);
  await waitUntilShown(centreDir);
  const cookies = sessionsOf(await candidateIds(centreDir, PAGES.candidates));
  const asked = () => measureRequests({ url: address, path: '/center', cookies, perSecond: PAGES.perSecond, seconds: PAGES.seconds });
  const { outcome, times } = await measureDuring(asked, rebuild(dataDir, 'one'));
  await stop();
  yield {
    what: `rebuild at low priority beside ${PAGES.perSecond} pages/s, against the decoded read with nothing beside it`,
    figures: [`rebuild: ${timeOf(outcome)}`, `read: ${timeOf(read)}`, `pages: ${percentiles(times)}`],
    value: outcome.seconds / read.seconds,
    aim: { most: 2.4 },
  };
}

/** Comparing the served build with the rebuilt one, when they are equal and when every document differs. */
async function* differing(dataDir: string, made: ReplayRun): AsyncGenerator<Finding> {
  await runReplayTask({ kind: 'rebuild', dataDir, readModels: 'one' });
  const file = readModelsFile(dataDir);
  const [builds, store] = [new SqliteBuildStore(file), new SqliteProjectionStore(file)];
  const compared = async (expected: number) => {
    const { changed } = await difference(LARGEST, buildOf(LARGEST, 2), { builds, store });
    if (changed.documents !== expected) throw new Error(`${changed.documents} documents differ, not ${expected}`);
  };
  const equal = await secondsOf(() => compared(0));
  const db = openReadModelsFile(file);
  db.exec(`UPDATE ${tableOf(LARGEST)} SET document = json_set(document, '$.damaged', 1)`);
  db.close();
  const all = await secondsOf(() => compared(MANY));
  await Promise.all([builds.close(), store.close()]);
  yield {
    what: `difference of ${MANY} documents, every one of them another, against the rebuild`,
    figures: [`all another: ${formatted(all, 's')}`, `all the same: ${formatted(equal, 's')}`, `rebuild: ${timeOf(made)}`],
    value: all / made.seconds,
    aim: { most: 0.5 },
  };
}
