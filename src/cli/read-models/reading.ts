import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore, openReadModels } from '../../composition/stores.js';
import { streamsBy } from '../../composition/subject-index.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../../read-models/build-store.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { ServedReadModels } from '../../read-models/serving/served.read-models.js';
import type { Settings } from '../../settings/settings.js';

/** The log and what pages read, without all that decides. */
export interface ReadingStores {
  readonly settings: Settings;
  readonly events: EventStore;
  readonly builds: BuildStore;
  readonly readModels: ReadModels;
}

/** Opens them for as long as the work takes. */
export async function reading<T>(settings: Settings, work: (stores: ReadingStores) => Promise<T>): Promise<T> {
  const [builds, stored] = await Promise.all([openBuildStore(settings), openReadModels(settings)]);
  const readModels = new ServedReadModels(stored, builds, projectionsFor(settings));
  const events = await openEventStore(settings, streamsBy(readModels));
  try {
    return await work({ settings, events, builds, readModels });
  } finally {
    await Promise.all([events.close(), readModels.close(), builds.close()]);
  }
}
