import { join } from 'node:path';
import { knownFingerprints } from '../read-models/fingerprints.js';
import type { ReplayPorts } from '../read-models/rebuilding/rebuild.js';
import { ReplayThreads } from '../read-models/rebuilding/replay-threads.js';
import { type Settings, storeSettings } from '../settings/settings.js';
import { knownEvents } from './known/events.js';
import { projectionsFor } from './known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from './stores.js';

/** Opens the stores of a replay for some work, and closes them afterwards. */
export async function withReplayPorts<T>(settings: Settings, work: (ports: ReplayPorts) => Promise<T>): Promise<T> {
  const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
  const [store, builds] = [await openProjectionStore(settings), await openBuildStore(settings)];
  const workers = new ReplayThreads(storeSettings(settings));
  const code = projectionsFor(settings);
  const folder = join(settings.DATA_DIR, 'replay');
  try {
    return await work({ events, store, builds, code, fingerprints: knownFingerprints(), types: Object.keys(knownEvents), folder, workers });
  } finally {
    await workers.close();
    await Promise.all([store.close(), builds.close(), events.close()]);
  }
}
