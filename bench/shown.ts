import { join } from 'node:path';
import { SqliteEventStore } from '../src/event-store/sqlite.event-store.js';
import { knownEvents } from '../src/known-events.js';
import { knownProjections } from '../src/known-projections.js';
import { waitFor } from '../src/read-models/own-write.js';
import { SqliteReadModels } from '../src/read-models/sqlite.read-models.js';

const PATIENCE = 300_000;

/** Waits until a centre at work shows all that is recorded. */
export async function allShown(dataDir: string): Promise<void> {
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  const readModels = new SqliteReadModels(join(dataDir, 'read-models.sqlite'));
  try {
    if (!(await waitFor(readModels, knownProjections, await events.head(), PATIENCE))) throw new Error('the projector does not follow');
  } finally {
    await readModels.close();
    await events.close();
  }
}
