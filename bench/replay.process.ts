import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { projectionsFor } from '../src/composition/known/projections.js';
import { withReplayPorts } from '../src/composition/replay-ports.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { lowerThreadPriority } from '../src/kernel/priority.js';
import { newestVersions } from '../src/read-models/projecting/new-versions.js';
import { rebuild } from '../src/read-models/rebuilding/rebuild.js';
import { openReadModelsFile, tableOf } from '../src/read-models/sqlite/tables.js';
import { refoldSome } from '../src/read-models/verifying/refold-documents.js';
import { verifyTargets } from '../src/read-models/verifying/verify-targets.js';
import { readSettings } from '../src/settings/settings.js';
import { query } from '../src/sqlite/query.js';
import { foldEachByItself, insertByDriver, readAll } from './bare-replay.js';
import { LARGEST } from './largest-read-model.js';

/** A task on the log of a data folder, for a process of its own. All have the low priority of a rebuild, so that other load affects them alike. */
export type ReplayTask = { readonly dataDir: string } & (
  | { readonly kind: 'rebuild'; readonly readModels: 'one' | 'all'; readonly readModelsUrl?: string }
  /** Damages one document in a hundred and folds these anew. */
  | { readonly kind: 'refold' }
  | { readonly kind: 'read' }
  /** The read, and inserting the documents of an earlier rebuild by the driver's bulks. */
  | { readonly kind: 'read and insert'; readonly mongodb: string }
  /** Folding the first events, each in a transaction of its own. */
  | { readonly kind: 'naive'; readonly events: number }
);

export interface ReplayRun {
  /** Including the start of its threads, but not of the process. */
  readonly seconds: number;
  /** Seconds of processor time in all its threads, to which other load adds little. */
  readonly worked: number;
  /** The most memory that the process had at once, in MiB. */
  readonly peak: number;
  /** The rebuilt builds. */
  readonly builds: readonly { readonly name: string; readonly documents: number }[];
}

process.once('message', async (message) => {
  lowerThreadPriority();
  const before = process.cpuUsage();
  const done = await doneOf(message as ReplayTask);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...done, worked: (user + system) / 1_000_000, peak: process.resourceUsage().maxRSS / 1_024 } satisfies ReplayRun);
});

async function doneOf(task: ReplayTask): Promise<Omit<ReplayRun, 'worked' | 'peak'>> {
  if (task.kind === 'rebuild') return rebuilt(task);
  if (task.kind === 'refold') return refolded(task);
  const events = new SqliteEventStore(join(task.dataDir, 'events.sqlite'), knownEvents);
  let seconds = 0;
  if (task.kind === 'naive') seconds = await foldEachByItself(events, LARGEST, join(task.dataDir, 'naive.sqlite'), task.events);
  else seconds = await readAll(events);
  if (task.kind === 'read and insert') seconds += await insertByDriver(join(task.dataDir, 'read-models.sqlite'), LARGEST, task.mongodb);
  await events.close();
  return { seconds, builds: [] };
}

async function refolded({ dataDir }: ReplayTask): Promise<Omit<ReplayRun, 'worked' | 'peak'>> {
  const { EVENT_STORE_URL: _, READ_MODELS_URL: __, ...env } = process.env;
  const keys = damaged(dataDir);
  return withReplayPorts(readSettings({ ...env, NODE_ENV: 'development', DATA_DIR: dataDir }), async (ports) => {
    const { targets } = verifyTargets(await ports.builds.registry(), ports.code, ports.fingerprints, [LARGEST.name]);
    const [target] = targets;
    if (!target) throw new Error(`there is no build of ${LARGEST.name}`);
    const begun = performance.now();
    const { written } = await refoldSome(target, keys, ports);
    const seconds = (performance.now() - begun) / 1_000;
    if (written.length !== keys.length) throw new Error(`${written.length} documents were written of ${keys.length}`);
    return { seconds, builds: [{ name: target.build.name, documents: written.length }] };
  });
}

/** Damages one document in a hundred past all code; answers their keys. */
function damaged(dataDir: string): readonly string[] {
  const db = openReadModelsFile(join(dataDir, 'read-models.sqlite'));
  const each = `SELECT key FROM (SELECT key, row_number() OVER (ORDER BY key) AS number FROM ${tableOf(LARGEST)}) WHERE number % 100 = 0`;
  const rows = query<{ readonly key: string }>(db, each).all();
  db.exec(`UPDATE ${tableOf(LARGEST)} SET document = json_set(document, '$.damaged', 1) WHERE key IN (${each})`);
  db.close();
  return rows.map(({ key }) => key);
}

async function rebuilt({ dataDir, readModels, readModelsUrl }: Extract<ReplayTask, { kind: 'rebuild' }>): Promise<Omit<ReplayRun, 'worked' | 'peak'>> {
  const { EVENT_STORE_URL: _, ...env } = process.env;
  const settings = readSettings({ ...env, NODE_ENV: 'development', DATA_DIR: dataDir, READ_MODELS_URL: readModelsUrl });
  const projections = readModels === 'one' ? [LARGEST] : newestVersions(projectionsFor(settings));
  return withReplayPorts(settings, async (ports) => {
    const begun = performance.now();
    const outcome = await rebuild(projections, ports);
    return { seconds: (performance.now() - begun) / 1_000, builds: outcome.map(({ build: name, documents }) => ({ name, documents })) };
  });
}
