import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';
import { damage } from '../damage.js';
import { countsDocuments } from '../document-counts.conformance.js';

holdsWhatABuildStorePromises('Builds in SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'builds-'));
  const file = join(folder, 'read-models.sqlite');
  return {
    openBuilds: async () => new SqliteBuildStore(file),
    openStore: async () => new SqliteProjectionStore(file),
    openReadModels: async () => new SqliteReadModels(file),
    drop: async () => rmSync(folder, { recursive: true }),
  };
});

countsDocuments(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'counts-'));
  const builds = new SqliteBuildStore(join(folder, 'read-models.sqlite'));
  const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
  return {
    builds,
    store,
    lose: async (key) => damage(folder, 'DELETE FROM "counts-by-target@1" WHERE key = ?', key),
    goOnWithoutCounting: async (key, position) => {
      damage(folder, `INSERT INTO "counts-by-target@1" VALUES (?, ?, '{"count":1}')`, key, position);
      damage(folder, 'UPDATE checkpoints SET position = ?', position);
    },
    drop: async () => {
      await builds.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
