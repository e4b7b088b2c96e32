import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { knownProjections } from '../src/composition/known/projections.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { waitForPosition } from '../src/read-models/serving/wait-for-position.js';
import { SqliteReadModels } from '../src/read-models/sqlite/read-models.js';

const PATIENCE = 300_000;

/** Waits until the pages of a running centre show everything that is recorded. */
export async function waitUntilShown(dataDir: string): Promise<void> {
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  const readModels = new SqliteReadModels(join(dataDir, 'read-models.sqlite'));
  try {
    if (!(await waitForPosition(readModels, knownProjections, await events.head(), PATIENCE))) throw new Error('the projector does not follow');
  } finally {
    await readModels.close();
    await events.close();
  }
}
