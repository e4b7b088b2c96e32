import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { v4 as uuid } from 'uuid';
import { knownEvents } from '../../src/composition/known/events.js';
import { knownProjections } from '../../src/composition/known/projections.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { Projector } from '../../src/read-models/projecting/projector.js';
import { waitForPosition } from '../../src/read-models/serving/wait-for-position.js';
import { SqliteProjectionStore } from '../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../src/read-models/sqlite/read-models.js';
import { query } from '../../src/sqlite/query.js';

/** Restores as docs/operating.md says: all files of a backup but its manifest into a new DATA_DIR. */
export function restore(backup: string, data: string, names: readonly string[] = readdirSync(backup)): void {
  for (const name of names) if (name !== 'manifest.json') cpSync(join(backup, name), join(data, name), { recursive: true });
}

/** The positions of all checkpoints in a file of read models. */
export function checkpoints(file: string): readonly string[] {
  const db = new DatabaseSync(file);
  const rows = query<{ readonly position: string }>(db, 'SELECT position FROM checkpoints').all();
  db.close();
  return rows.map(({ position }) => position);
}

/** All documents in a file of read models, as they are stored. */
export function documents(file: string): Readonly<Record<string, unknown>> {
  const db = new DatabaseSync(file);
  const tables = query<{ readonly name: string }>(
    db,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%@%' AND name NOT LIKE '% found by %' ORDER BY name`,
  ).all();
  const all = tables.map(({ name }) => [name, db.prepare(`SELECT key, document FROM "${name}" WHERE document IS NOT NULL ORDER BY key`).all()] as const);
  db.close();
  return Object.fromEntries(all);
}

/** Projects a log into a file of read models until they have seen all of it. */
export async function project(log: string, file: string): Promise<void> {
  const events = new SqliteEventStore(log, knownEvents);
  const store = new SqliteProjectionStore(file);
  const readModels = new SqliteReadModels(file);
  const stopping = new AbortController();
  const running = new Projector(events, store, knownProjections, { holder: uuid() }).run(stopping.signal);
  const there = await waitForPosition(readModels, knownProjections, await events.head(), 60_000);
  stopping.abort();
  await running;
  await Promise.all([store.close(), readModels.close(), events.close()]);
  if (!there) throw new Error('the projector does not come to the end of the log');
}
