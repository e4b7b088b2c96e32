import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { textsBySubject } from '../counting.js';
import { holdsWhatReadModelsPromise } from '../read-models.conformance.js';

holdsWhatReadModelsPromise('Read models in SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  const file = join(folder, 'read-models.sqlite');
  return {
    openStore: async (clock) => new SqliteProjectionStore(file, clock),
    openReadModels: async () => new SqliteReadModels(file),
    drop: async () => rmSync(folder, { recursive: true }),
  };
});

it('Reading from SQLite makes no table, since one that was lost is not an empty one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  const readModels = new SqliteReadModels(join(folder, 'read-models.sqlite'));
  expect(await readModels.get(textsBySubject, 'zhang')).toEqual({ texts: [] });
  expect(await readModels.list(textsBySubject, 'due', undefined, 1)).toEqual([]);
  expect(await readModels.lookUp(textsBySubject, 'text', 'a', undefined, 1)).toEqual([]);
  expect((await readModels.all(textsBySubject)).documents.size).toBe(0);
  expect(await readModels.withoutPlace([textsBySubject])).toEqual([textsBySubject]);
  await readModels.close();
  rmSync(folder, { recursive: true });
});

it('The SQLite store cannot hold a document that is larger than a row of SQLite can be', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
  const size = jest.spyOn(Buffer, 'byteLength').mockReturnValue(999_000_001); // as of one that no test should make
  const storing = () => store.assertStorable(textsBySubject as Projection, { texts: ['a'] });
  expect(storing).toThrow('文档有 999000001 字节，SQLite 的一个文档不能超过 999000000 字节');
  size.mockRestore();
  expect(storing).not.toThrow();
  await store.close();
  rmSync(folder, { recursive: true });
});

it('The SQLite store keeps read models from other users of the machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
  const file = join(folder, 'read-models.sqlite');
  const readModels = new SqliteReadModels(file);
  await readModels.get(textsBySubject, 'zhang');
  for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777).toBe(0o600);
  await readModels.close();
  rmSync(folder, { recursive: true });
});
