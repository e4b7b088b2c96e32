import { join } from 'node:path';
import { knownFingerprints } from '../read-models/fingerprints.js';
import type { ReplayPorts } from '../read-models/rebuilding/rebuild.js';
import { ReplayThreads } from '../read-models/rebuilding/replay-threads.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import { type Settings, storeSettings } from '../settings/settings.js';
import { knownEvents } from './known/events.js';
import { projectionsFor } from './known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore, openReadModels } from './stores.js';
import { streamsBy, subjectIndexOf } from './subject-index.js';

/** Opens the stores of a replay for some work, and closes them afterwards. */
export async function withReplayPorts<T>(settings: Settings, work: (ports: ReplayPorts) => Promise<T>): Promise<T> {
  const code = projectionsFor(settings);
  const [store, builds, stored] = [await openProjectionStore(settings), await openBuildStore(settings), await openReadModels(settings)];
  const readModels = new ServedReadModels(stored, builds, code);
  const events = await openEventStore(settings, streamsBy(readModels));
  const workers = new ReplayThreads(storeSettings(settings));
  const folder = join(settings.DATA_DIR, 'replay');
  const subjectIndex = subjectIndexOf(settings);
  try {
    return await work({ events, subjectIndex, store, builds, code, fingerprints: knownFingerprints(), types: Object.keys(knownEvents), folder, workers });
  } finally {
    await workers.close();
    await Promise.all([store.close(), readModels.close(), builds.close(), events.close()]);
  }
}
