import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';

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
