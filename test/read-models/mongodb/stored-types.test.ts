import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Double } from 'mongodb';
import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { documentsOf } from '../../../src/read-models/mongodb/collections.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import type { Projection } from '../../../src/read-models/projection.js';
import type { Lease, StoredDocument } from '../../../src/read-models/read-models.js';
import { comparedOf } from '../../../src/read-models/verifying/compare-documents.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { first } from '../opened-builds.js';

const dues: Projection = {
  name: 'dues',
  version: 1,
  key: () => undefined,
  empty: {},
  on: {},
  maps: { '': { keys: ['bill'], list: 'bills' } },
  instants: ['*.dueBy'],
  money: ['*.fen'],
};
const stored = { position: first, document: { B1: { dueBy: '2026-11-22T00:00:00.000Z', fen: 3_400, refunded: 5_000_000_000, courses: 2, part: 0.5 } } };

describeWithMongodb('A document in MongoDB', () => {
  const database = newDatabase();
  let builds: MongodbBuildStore;
  let store: MongodbProjectionStore;
  let other: Mongodb;

  beforeEach(async () => {
    [builds, store, other] = [new MongodbBuildStore(database.url), new MongodbProjectionStore(database.url), Mongodb.open(database.url)];
    await builds.prepare(dues);
    await builds.fill(dues, new Map(Object.entries({ zhang: stored, li: { position: first, document: null } })), []);
  });
  afterEach(async () => {
    for (const each of [builds, store, other]) await each.close();
    await database.drop();
  });

  const kindOf = (key: string, found: StoredDocument | undefined) =>
    comparedOf(dues, key === 'zhang' ? stored : { position: first, document: null }, found, false)?.kind;
  /** By a find, and by a scan. */
  const kinds = async (key: string) => [
    kindOf(key, (await builds.find(dues, [key])).get(key)),
    kindOf(
      key,
      (await builds.scan(dues, undefined, 10)).find((each) => each.key === key),
    ),
  ];
  const repair = async (key: string) => {
    const lease = (await store.lease('one')) as Lease;
    const expected = key === 'zhang' ? stored : { position: first, document: null };
    return store.repair(lease, dues, [key], (_, found) => (kindOf(key, found) === undefined ? undefined : { stored: expected }));
  };

  it('A document in MongoDB is stored as its projection declares, tombstones too, whatever the order of its fields', async () => {
    expect([await kinds('zhang'), await kinds('li')]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    await documentsOf(other, dues).updateOne({ _id: 'zhang' }, { $rename: { position: 'place' } });
    await documentsOf(other, dues).updateOne({ _id: 'zhang' }, { $rename: { place: 'position' } });
    expect(await kinds('zhang')).toEqual([undefined, undefined]);
    expect(await repair('zhang')).toEqual([]);
  });

  describe.each<[string, string, object, string]>([
    ['an instant as text', 'zhang', { $set: { 'bills.0.dueBy': '2026-11-22T00:00:00.000Z' } }, 'types'],
    ['money as a double', 'zhang', { $set: { 'bills.0.fen': new Double(3_400) } }, 'types'],
    ['a number as a double', 'zhang', { $set: { 'bills.0.courses': new Double(2) } }, 'types'],
    ['a field that it has not', 'zhang', { $set: { foo: 1 } }, 'types'],
    ['a field in place of a removed one', 'li', { $set: { foo: 1 } }, 'types'],
    ['an entry that is nothing', 'zhang', { $set: { bills: [null] } }, 'unreadable'],
  ])('With %s', (what, key, change, kind) => {
    it(`A document in MongoDB with ${what} is found to be stored otherwise, and is written anew`, async () => {
      await documentsOf(other, dues).updateOne({ _id: key }, change);
      expect(await kinds(key)).toEqual([kind, kind]);
      expect(await repair(key)).toEqual([key]);
      expect(await kinds(key)).toEqual([undefined, undefined]);
    });
  });
});
