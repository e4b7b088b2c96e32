import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventTypes } from '../../../src/event-store/event-types.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from '../../../src/event-store/sqlite/event-store.js';
import type { OpenedLog } from '../opened-log.js';
import { testEvents } from '../test-events.js';

export interface OpenedSqliteLog extends OpenedLog {
  readonly store: SqliteEventStore;
  readonly file: string;
}

/** A log in its own folder. */
export async function openSqliteLog(options?: SqliteEventStoreOptions): Promise<OpenedSqliteLog> {
  const folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  const file = join(folder, 'events.sqlite');
  const opened: SqliteEventStore[] = [];
  const connect = (types: EventTypes = testEvents) => {
    const store = new SqliteEventStore(file, types, options);
    opened.push(store);
    return store;
  };
  const closeAll = async () => {
    await Promise.all(opened.map((store) => store.close()));
  };
  return {
    file,
    store: connect(),
    second: async (types) => connect(types),
    async reopen() {
      await closeAll();
      return connect();
    },
    async close() {
      await closeAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
