import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { receipts } from '../../../projections/receipts.js';
import { viewerOf, viewings } from '../../../projections/viewings.js';
import { START } from '../../../src/event-store/event.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { BatchFold } from '../../../src/read-models/projecting/batch-fold.js';
import type { ProjectionStore, ReadModels } from '../../../src/read-models/read-models.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { MemoryEventStore } from '../../read-models/memory.event-store.js';

const projections = [candidateDistricts, receipts, viewings];
const viewed = (recordedAt: string, candidateIds: readonly string[]) => ({
  type: 'PersonViewed',
  recordedAt,
  data: { viewing: recordedAt, candidateIds, what: '查找', reason: '' },
});
const registered = (id: string, district: string) => ({
  type: 'CandidateRegistered',
  subject: id,
  data: { candidateId: id, person: 'sealed', digest: '', district, registeredPeriod: '2610' },
});
const told = [
  registered('c1', '东城区'),
  registered('c2', '东城区'),
  registered('c3', '西城区'),
  { type: 'CandidateForgotten', subject: 'c2', data: { candidateId: 'c2', tombstone: '' } },
  { type: 'ReceiptIssued', subject: 'c1', data: { candidateId: 'c1', bill: '90000000000001', code: '11010120', number: '0000000042', checkCode: 'a' } },
  viewed('2026-11-22T02:00:00.000Z', ['c1', 'c2']),
  viewed('2026-11-23T02:00:00.000Z', ['c1']),
  viewed('2026-11-21T02:00:00.000Z', ['c1', 'c3']),
];

/** What the office's pages read, on a store that has projected these events. */
async function expectFound(store: ProjectionStore, readModels: ReadModels): Promise<void> {
  const log = new MemoryEventStore();
  log.tell(told);
  await store.prepare(projections);
  const lease = await store.lease('one');
  if (!lease) throw new Error('nobody else projects');
  const statuses = projections.map((projection) => ({ projection, checkpoint: { position: START }, quarantined: new Set<string>() }));
  const { batches } = await new BatchFold(projections).fold(statuses, await log.read(START, 100), async () => new Map());
  await store.write(lease, batches);
  const found = async (lookup: string, value: string) =>
    (await readModels.lookUp(viewings, lookup, value, undefined, 10)).map(({ document: { at } }) => at.slice(8, 10));
  expect(await found('candidate', 'c1')).toEqual(['23', '22', '21']);
  expect(await found('candidate', 'c3')).toEqual(['21']);
  const by = (await readModels.list(viewings, 'newest', undefined, 2)).map(({ document }) => document.viewer);
  expect(by.length).toBe(2);
  expect(await found('officer', by[0] ?? '')).toEqual(['23', '22', '21']);
  expect(await found('both', viewerOf(by[0] ?? '', 'c2'))).toEqual(['22']);
  const [first] = await readModels.lookUp(viewings, 'candidate', 'c1', undefined, 1);
  expect((await readModels.lookUp(viewings, 'candidate', 'c1', first?.cursor, 10)).length).toBe(2);
  expect((await readModels.lookUp(candidateDistricts, 'district', '东城区', undefined, 10)).map(({ key }) => key)).toEqual(['c1']);
  expect(await readModels.get(candidateDistricts, 'c2')).toEqual({ district: '东城区', gone: true });
  expect(await readModels.get(receipts, '0000000042')).toEqual({ receipts: [{ code: '11010120', bill: '90000000000001', candidateId: 'c1' }] });
}

describe('In SQLite', () => {
  it('In SQLite the office finds candidates by district, receipts by number, and who looked, the newest first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'office-'));
    const [store, readModels] = [new SqliteProjectionStore(join(folder, 'read-models.sqlite')), new SqliteReadModels(join(folder, 'read-models.sqlite'))];
    await expectFound(store, readModels);
    await Promise.all([store.close(), readModels.close()]);
    rmSync(folder, { recursive: true });
  });
});

describeWithMongodb('In MongoDB', () => {
  it('In MongoDB the office finds candidates by district, receipts by number, and who looked, the newest first', async () => {
    const database = newDatabase();
    const [store, readModels] = [new MongodbProjectionStore(database.url), new MongodbReadModels(database.url)];
    await expectFound(store, readModels);
    await Promise.all([store.close(), readModels.close()]);
    await database.drop();
  });
});
