import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Lease } from '../../../src/read-models/read-models.js';
import { SqliteBuildStore } from '../../../src/read-models/sqlite/build-store.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';
import { damage } from '../damage.js';
import { counts, fill, first, second, third } from '../opened-builds.js';
import { batchOf } from '../opened-read-models.js';

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

describe('How many documents a build has', () => {
  let folder: string;
  let builds: SqliteBuildStore;
  let store: SqliteProjectionStore;
  const kept = async () => (await builds.inspect(counts)).kept;
  const batch = (documents: Readonly<Record<string, object | null>>, position: string) => batchOf(counts, documents, position);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'counts-'));
    builds = new SqliteBuildStore(join(folder, 'read-models.sqlite'));
    store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
    await builds.prepare(counts);
  });
  afterEach(async () => {
    await builds.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('How many documents a build has is kept with the checkpoint from the first batch of a projector on, tombstones included', async () => {
    const lease = (await store.lease('one')) as Lease;
    expect(await kept()).toBeUndefined();
    await store.write(lease, [batch({ zhang: { count: 1 }, li: { count: 1 } }, first)]);
    expect(await kept()).toBe(2);
    await store.write(lease, [batch({ zhang: null, wang: { count: 1 } }, second)]);
    expect(await builds.inspect(counts)).toMatchObject({ stored: 3, kept: 3 });
    damage(folder, `DELETE FROM "counts-by-target@1" WHERE key = 'li'`);
    await store.write(lease, [batch({ zhang: { count: 1 } }, third)]);
    expect(await builds.inspect(counts)).toMatchObject({ stored: 2, kept: 3 });
  });

  it('How many documents a build has is kept by a rebuild once it is complete, and while it follows the log', async () => {
    await fill(builds, counts, { zhang: { count: 1 }, li: { count: 1 } });
    expect(await kept()).toBeUndefined();
    await builds.complete(counts, { position: first });
    expect(await kept()).toBe(2);
    await fill(builds, counts, { li: { count: 2 }, wang: { count: 1 } }, second);
    await builds.complete(counts, { position: second });
    expect(await builds.inspect(counts)).toMatchObject({ stored: 3, kept: 3 });
  });

  it('How many documents a build has is not known where a release that keeps none has gone on, until it is counted', async () => {
    const lease = (await store.lease('one')) as Lease;
    await store.write(lease, [batch({ zhang: { count: 1 } }, first)]);
    damage(folder, `INSERT INTO "counts-by-target@1" VALUES ('li', '${second}', '{"count":1}')`);
    damage(folder, 'UPDATE checkpoints SET position = ?', second);
    expect(await kept()).toBeUndefined();
    await store.write(lease, [batch({ wang: { count: 1 } }, third)]);
    expect(await kept()).toBeUndefined();
    await builds.recount(counts);
    expect(await kept()).toBe(3);
    await builds.drop(counts);
    expect(await kept()).toBeUndefined();
  });
});
