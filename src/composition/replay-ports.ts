import { join } from 'node:path';
import { knownFingerprints } from '../read-models/fingerprints.js';
import type { ReplayPorts } from '../read-models/rebuilding/rebuild.js';
import { ReplayWorker, type ReplayWorkers } from '../read-models/rebuilding/replay-workers.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import { type Settings, storeSettings } from '../settings/settings.js';
import { knownEvents } from './known/events.js';
import { projectionsFor } from './known/projections.js';
import { bytesOfLog, openBuildStore, openEventStore, openProjectionStore, openReadModels } from './stores.js';
import { streamsBy, subjectIndexOf } from './subject-index.js';

/** Bytes of the log from which on threads save more time than they take to start: 0.5 s of processor time. */
const WORTH_THREADS = 1024 * 1024;

/**
 * Opens the stores of a replay for some work, and closes them afterwards.
 * @param servesPages the process serves pages too, so that other threads do the work, however little it is
 */
export async function withReplayPorts<T>(settings: Settings, work: (ports: ReplayPorts) => Promise<T>, { servesPages = false } = {}): Promise<T> {
  const code = projectionsFor(settings);
  const [store, builds, stored] = [await openProjectionStore(settings), await openBuildStore(settings), await openReadModels(settings)];
  const readModels = new ServedReadModels(stored, builds, code);
  const events = await openEventStore(settings, streamsBy(readModels));
  const workers = servesPages || !isSmallLog(settings) ? await threads(settings) : new ReplayWorker(events, builds, code);
  const folder = join(settings.DATA_DIR, 'replay');
  const subjectIndex = subjectIndexOf(settings);
  try {
    return await work({ events, subjectIndex, store, builds, code, fingerprints: knownFingerprints(), types: Object.keys(knownEvents), folder, workers });
  } finally {
    await workers.close();
    await Promise.all([store.close(), readModels.close(), builds.close(), events.close()]);
  }
}

async function threads(settings: Settings): Promise<ReplayWorkers> {
  const { ReplayThreads } = await import('../read-models/rebuilding/replay-threads.js');
  return new ReplayThreads(storeSettings(settings));
}

/** Whether all of the log is folded in a second or so, on the thread that asks. */
export function isSmallLog(settings: Settings): boolean {
  return (bytesOfLog(settings) ?? WORTH_THREADS) < WORTH_THREADS;
}
