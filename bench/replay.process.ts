import { join } from 'node:path';
import { knownEvents } from '../src/composition/known-events.js';
import { projectionsFor } from '../src/composition/known-projections.js';
import { replaying } from '../src/composition/replaying.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { lowerThreadPriority } from '../src/kernel/priority.js';
import { newestVersions } from '../src/read-models/projecting/maintained-builds.js';
import { rebuild } from '../src/read-models/rebuilding/rebuild.js';
import { readSettings } from '../src/settings/settings.js';
import { foldEachByItself, insertBare, readAll } from './bare-replay.js';
import { ONE } from './one.js';

/** Something that a process of its own does with the log of a data folder, all at the low priority of a rebuild: so they are disturbed alike. */
export type ReplayTask = { readonly dataDir: string } & (
  | { readonly kind: 'rebuild'; readonly readModels: 'one' | 'all'; readonly readModelsUrl?: string }
  | { readonly kind: 'read' }
  /** The read, and the documents of an earlier rebuild with the driver's bulks. */
  | { readonly kind: 'read and insert'; readonly mongodb: string }
  /** The first events, each in a transaction of its own. */
  | { readonly kind: 'naive'; readonly events: number }
);

export interface ReplayDone {
  /** From its begin to its end, its threads' start included; the process's own start apart. */
  readonly seconds: number;
  /** Seconds of processor time meanwhile, in all its threads: what else runs on the machine adds little to it. */
  readonly worked: number;
  /** The most memory that the process had at once, in MiB. */
  readonly peak: number;
  /** What was rebuilt. */
  readonly builds: readonly { readonly name: string; readonly documents: number }[];
}

process.once('message', async (message) => {
  lowerThreadPriority();
  const before = process.cpuUsage();
  const done = await doneOf(message as ReplayTask);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ ...done, worked: (user + system) / 1_000_000, peak: process.resourceUsage().maxRSS / 1_024 } satisfies ReplayDone);
});

async function doneOf(task: ReplayTask): Promise<Omit<ReplayDone, 'worked' | 'peak'>> {
  if (task.kind === 'rebuild') return rebuilt(task);
  const events = new SqliteEventStore(join(task.dataDir, 'events.sqlite'), knownEvents);
  let seconds = 0;
  if (task.kind === 'naive') seconds = await foldEachByItself(events, ONE, join(task.dataDir, 'naive.sqlite'), task.events);
  else seconds = await readAll(events);
  if (task.kind === 'read and insert') seconds += await insertBare(join(task.dataDir, 'read-models.sqlite'), ONE, task.mongodb);
  await events.close();
  return { seconds, builds: [] };
}

async function rebuilt({ dataDir, readModels, readModelsUrl }: Extract<ReplayTask, { kind: 'rebuild' }>): Promise<Omit<ReplayDone, 'worked' | 'peak'>> {
  const { EVENT_STORE_URL: _, ...env } = process.env;
  const settings = readSettings({ ...env, NODE_ENV: 'development', DATA_DIR: dataDir, READ_MODELS_URL: readModelsUrl });
  const projections = readModels === 'one' ? [ONE] : newestVersions(projectionsFor(settings));
  return replaying(settings, async (ports) => {
    const begun = performance.now();
    const outcome = await rebuild(projections, ports);
    return { seconds: (performance.now() - begun) / 1_000, builds: outcome.map(({ build: name, documents }) => ({ name, documents })) };
  });
}
