import { join } from 'node:path';
import type { Settings } from '../config.js';
import { knownEvents } from '../known-events.js';
import { projectionsFor } from '../known-projections.js';
import { openBuildStore, openEventStore, openProjectionStore, storeSettings } from '../stores.js';
import { knownFingerprints } from './fingerprints.js';
import type { ReplayPorts } from './rebuild.js';
import { ReplayThreads } from './replay-threads.js';

/** Opens what a replay works with, as the settings say, for as long as the work takes. */
export async function replaying<T>(settings: Settings, work: (ports: ReplayPorts) => Promise<T>): Promise<T> {
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
