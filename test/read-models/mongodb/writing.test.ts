import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Collection } from 'mongodb';
import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { documentsOf } from '../../../src/read-models/mongodb/collections.js';
import { Documents } from '../../../src/read-models/mongodb/documents.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import type { Projection } from '../../../src/read-models/projection.js';
import { LEASE_TIMEOUT, type Lease, LeaseLost, type ProjectedBatch } from '../../../src/read-models/read-models.js';
import { InMemoryReadModels } from '../../../src/read-models/serving/in-memory.read-models.js';
import { describeWithMongodb, newDatabase, type TestDatabase } from '../../mongodb/mongodb-server.js';
import { added, countsByTarget, spoilt, textsBySubject } from '../counting.js';
import { MemoryEventStore } from '../memory.event-store.js';
import { ReadModelsFolder } from '../projecting/projecting.js';
import { keepsUpWithTheLog } from '../projecting/projector.property.js';

/** Of the next batch the documents are written, but not its checkpoint. */
function failNextCheckpoint(): void {
  const { updateOne } = Collection.prototype;
  const failing = jest.spyOn(Collection.prototype, 'updateOne').mockImplementation(async function (this: Collection, filter, update, ...options) {
    if (!JSON.stringify(update).includes('"checkpoints.')) return updateOne.call(this, filter, update, ...options);
    failing.mockRestore();
    throw new Error('killed');
  });
}

const inMongodb = (database: TestDatabase) => ({
  openStore: (clock?: () => number) => new MongodbProjectionStore(database.url, clock),
  openReadModels: () => new MongodbReadModels(database.url),
  openBuilds: () => new MongodbBuildStore(database.url),
  failNextCheckpoint,
  drop: () => database.drop(),
});

describeWithMongodb('Writing to MongoDB', () => {
  let database: TestDatabase;
  let folder: ReadModelsFolder;
  beforeEach(() => {
    database = newDatabase();
    folder = new ReadModelsFolder(inMongodb(database));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await folder.drop();
  });

  /** Something else happens just before the next bulk of documents is written. */
  const beforeTheNextBulk = (happens: () => Promise<unknown>) => {
    const { bulkWrite } = Collection.prototype;
    jest.spyOn(Collection.prototype, 'bulkWrite').mockImplementationOnce(async function (this: Collection, ...given) {
      await happens();
      return bulkWrite.apply(this, given);
    });
  };

  it('Writing to MongoDB keeps read models equal to a fold from the start, or says that they need a rebuild, whatever happens on the way', () =>
    keepsUpWithTheLog(() => inMongodb(newDatabase()), 30));

  it('Writing to MongoDB begins anew with a read model whose collection was lost, and leaves others as they are', async () => {
    const events = new MemoryEventStore();
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await folder.project(events, [textsBySubject, countsByTarget]);
    const shared = Mongodb.open(database.url);
    await documentsOf(shared, textsBySubject).drop();
    await shared.close();
    await folder.project(events, [textsBySubject, countsByTarget]);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a'] }, li: { texts: ['b'] } });
  });

  it('Writing to MongoDB leaves of each document what has seen most, however many write at once and whatever they think is there', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const written = fc.array(fc.record({ key: fc.constantFrom(...keys), position: fc.integer({ min: 10, max: 99 }).map(String) }), { minLength: 1 });
    const writer = fc.record({ written, found: fc.subarray(keys).map((some) => new Set(some)) });
    const shared = Mongodb.open(database.url);
    let model = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(writer, { minLength: 2, maxLength: 4 }), async (writers) => {
        const documents = new Documents(shared, { ...countsByTarget, version: ++model });
        const rowsOf = (some: readonly { key: string; position: string }[]) =>
          [...new Map(some.map(({ key, position }) => [key, position]))].map(([_id, position]) => ({ _id, position, document: `of ${position}` }));
        await Promise.all(writers.map(({ written, found }) => documents.put(rowsOf(written), found)));
        const most = new Map<string, string>();
        for (const { _id, position } of writers.flatMap(({ written }) => rowsOf(written))) if (position > (most.get(_id) ?? '')) most.set(_id, position);
        const stored = await documentsOf(shared, { ...countsByTarget, version: model })
          .find()
          .toArray();
        expect(new Map(stored.map(({ _id, position, document }) => [_id, [position, document]]))).toEqual(
          new Map([...most].map(([key, position]) => [key, [position, `of ${position}`]])),
        );
      }),
      { numRuns: 40 },
    );
    await shared.close();
  });

  it.each([
    ['new', 0],
    ['known', 1],
  ])('Writing to MongoDB folds a document that is %s whole when another writes less of it between reading and writing', async (_, seen) => {
    const events = new MemoryEventStore();
    events.tell([added('zhang', 'a'), added('zhang', 'b'), added('zhang', 'c')].slice(0, seen));
    await folder.project(events, [textsBySubject]);
    events.tell([added('zhang', 'a'), added('zhang', 'b'), added('zhang', 'c')].slice(seen));
    const less = { position: events.all[1]?.position as string, document: { texts: ['a', 'b'] } };
    const shared = Mongodb.open(database.url);
    beforeTheNextBulk(() =>
      new Documents(shared, textsBySubject).put(
        [{ _id: 'zhang', position: less.position, document: JSON.stringify(less.document), by: {} }],
        new Set(['zhang']),
      ),
    );
    await folder.project(events, [textsBySubject]);
    expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b', 'c'] } });
    expect((await folder.store().load(textsBySubject, ['zhang'])).get('zhang')?.position).toBe(await events.head());
    await shared.close();
  });

  describe('While documents are counted', () => {
    const projected = { ...countsByTarget } as Projection;
    const batch = (documents: Readonly<Record<string, number>>, position: string): ProjectedBatch => ({
      ...batchOf('', position, 0),
      documents: new Map(Object.entries(documents).map(([key, count]) => [key, { position, document: { count } }])),
    });
    let store: ReturnType<ReadModelsFolder['store']>;
    let lease: Lease;
    const write = async (documents: Readonly<Record<string, number>>, position: string) => {
      await store.load(projected, Object.keys(documents));
      await store.write(lease, [{ ...batch(documents, position), projection: projected }]);
    };
    beforeEach(async () => {
      store = folder.store();
      await store.prepare([projected]);
      lease = (await store.lease('one')) as Lease;
      await store.checkpoints([projected]);
      await write({ zhang: 1, li: 1 }, '1');
      const shared = Mongodb.open(database.url);
      await documentsOf(shared, projected).deleteOne({ _id: 'li' });
      await shared.close();
      expect(await folder.builds.inspect(projected)).toMatchObject({ stored: 1, kept: 2 });
    });

    it('While documents are counted, those of a batch are added to the number that was taken before they were written', async () => {
      beforeTheNextBulk(() => folder.builds.recount(projected));
      await write({ wang: 1 }, '2');
      expect(await folder.builds.inspect(projected)).toMatchObject({ stored: 2, kept: 2 });
    });

    it('While documents are counted, the next batch does so where the checkpoint moves at each attempt', async () => {
      let position = 2;
      const { countDocuments } = Collection.prototype;
      const counting = jest.spyOn(Collection.prototype, 'countDocuments').mockImplementation(async function (this: Collection, ...given) {
        const documents = await countDocuments.apply(this, given);
        await write({ zhang: position }, String(position++));
        return documents;
      });
      await folder.builds.recount(projected);
      counting.mockRestore();
      expect((await folder.builds.inspect(projected)).kept).toBeUndefined();
      await write({ zhang: position }, String(position));
      expect(await folder.builds.inspect(projected)).toMatchObject({ stored: 1, kept: 1 });
    });
  });

  it('Writing to MongoDB stops when a document cannot be written, with its checkpoint where it was', async () => {
    const store = folder.store();
    await store.prepare([countsByTarget]);
    const lease = (await store.lease('one')) as Lease;
    jest.spyOn(Collection.prototype, 'bulkWrite').mockRejectedValueOnce(new Error('no space'));
    await expect(store.write(lease, [batchOf('zhang', '1', 1)])).rejects.toThrow('no space');
    expect(await folder.readModels.position([countsByTarget])).toBe('');
  });

  it('Writing to MongoDB quarantines a document with a field that MongoDB cannot have, as it was before, and writes the others', async () => {
    const named: Projection = {
      ...countsByTarget,
      empty: {},
      on: { Added: (doc: object, { data }: { readonly data: { readonly text: string } }) => ({ ...doc, [data.text]: true }) } as Projection['on'],
    };
    const events = new MemoryEventStore();
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await folder.project(events, [named]);
    events.tell([added('zhang', '$c'), added('li', 'd')]);
    expect(await folder.project(events, [named])).toMatchObject({ state: 'live', quarantined: { 'counts-by-target': 1 } });
    expect(await folder.documents(named)).toEqual({ zhang: { a: true }, li: { b: true, d: true } });
    expect([...(await folder.store().quarantined(named)).values()]).toEqual([
      { key: 'zhang', position: events.all[2]?.position, error: expect.stringContaining('不能有名为 "$c" 的字段') },
    ]);
  });

  it('Writing to MongoDB quarantines a document that is larger than MongoDB holds, as it was before, and writes the others', async () => {
    const growing: Projection = {
      ...countsByTarget,
      empty: { text: '' },
      on: {
        Added: ({ text }: { readonly text: string }, { data }: { readonly data: { readonly text: string } }) => ({ text: text + data.text }),
      } as Projection['on'],
    };
    const events = new MemoryEventStore();
    events.tell([added('zhang', '座'.repeat(4_000_000)), added('li', 'b')]);
    await folder.project(events, [growing]);
    events.tell([added('zhang', '座'.repeat(2_000_000)), added('li', 'd')]);
    expect(await folder.project(events, [growing])).toMatchObject({ state: 'live', quarantined: { 'counts-by-target': 1 } });
    const { zhang, li } = (await folder.documents(growing)) as Readonly<Record<string, { readonly text: string }>>;
    expect([zhang?.text.length, li]).toEqual([4_000_000, { text: 'bd' }]);
    expect([...(await folder.store().quarantined(growing)).values()]).toEqual([
      { key: 'zhang', position: events.all[2]?.position, error: expect.stringMatching(/^文档有 18000\d{3} 字节，MongoDB 的一个文档不能超过 16760832 字节$/) },
    ]);
  });

  describe('By a former lease holder', () => {
    let now: number;
    const takenOver = async () => {
      const challenger = folder.store(() => now);
      await challenger.lease('two');
      now += LEASE_TIMEOUT;
      return { challenger, lease: (await challenger.lease('two')) as Lease };
    };
    beforeEach(() => {
      now = 0;
    });

    it('Writing to MongoDB by a former lease holder moves no checkpoint, even when it was lost after the last look at it', async () => {
      const old = folder.store();
      await old.prepare([countsByTarget]);
      const lease = (await old.lease('one')) as Lease;
      await old.write(lease, [batchOf('zhang', '1', 1)]);
      let next: Awaited<ReturnType<typeof takenOver>> | undefined;
      beforeTheNextBulk(async () => {
        next = await takenOver();
        await next.challenger.write(next.lease, [batchOf('zhang', '3', 3)]);
      });
      await expect(old.write(lease, [batchOf('zhang', '2', 2)])).rejects.toThrow(LeaseLost);
      expect(next?.lease.fence).toBeGreaterThan(lease.fence);
      expect(await old.checkpoints([countsByTarget])).toEqual([{ position: '3' }]);
      expect(await folder.documents(countsByTarget)).toEqual({ zhang: { count: 3 } });
    });

    it('Writing to MongoDB by a former lease holder leaves documents ahead of their checkpoint, which nobody folds twice', async () => {
      const events = new MemoryEventStore();
      events.tell([added('li', 'x'), added('zhang', 'a'), spoilt('wang')]);
      await folder.project(events, [textsBySubject]);
      const checkpoint = await folder.readModels.position([textsBySubject]);
      events.tell([added('zhang', 'b'), { ...added('li', 'gone'), type: 'Removed' }]);
      let next: Awaited<ReturnType<typeof takenOver>> | undefined;
      beforeTheNextBulk(async () => {
        next = await takenOver();
      });
      const old = folder.start(events, [textsBySubject], { beat: 60_000 }); // so silent that it can be taken for dead
      await old.untilState('waiting');
      await old.stop();
      const whole = await folder.readModels.all(textsBySubject);
      expect(whole.position).toBe(checkpoint);
      expect(whole.ahead).toEqual(
        new Map([
          ['zhang', events.all[3]?.position],
          ['li', events.all[4]?.position],
        ]),
      );
      const followed = new InMemoryReadModels(events, folder.readModels, [textsBySubject]);
      await followed.start();
      await followed.caughtUp(events.tell([added('li', 'y')]));
      expect(Object.fromEntries(followed.documents(textsBySubject))).toEqual({ zhang: { texts: ['a', 'b'] }, li: { texts: ['y'] } });
      await followed.stop();
      await next?.challenger.release('two');
      await folder.project(events, [textsBySubject]);
      expect(await folder.documents(textsBySubject)).toEqual({ zhang: { texts: ['a', 'b'] }, li: { texts: ['y'] } });
      expect(await folder.builds.inspect(textsBySubject as Projection)).toMatchObject({ stored: 2, kept: 2 });
    });
  });
});

function batchOf(key: string, position: string, count: number): ProjectedBatch {
  return { projection: countsByTarget, documents: new Map([[key, { position, document: { count } }]]), quarantined: [], checkpoint: { position } };
}
