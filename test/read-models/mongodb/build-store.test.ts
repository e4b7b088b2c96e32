import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { documentsOf, PROJECTOR, projectorIn } from '../../../src/read-models/mongodb/collections.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';
import { countsDocuments } from '../document-counts.conformance.js';
import { counts, fill, first, texts } from '../opened-builds.js';

describeWithMongodb('In MongoDB', () => {
  holdsWhatABuildStorePromises('builds', async () => {
    const database = newDatabase();
    return {
      openBuilds: async () => new MongodbBuildStore(database.url),
      openStore: async () => new MongodbProjectionStore(database.url),
      openReadModels: async () => new MongodbReadModels(database.url),
      drop: () => database.drop(),
    };
  });

  describe('Indexes of a build', () => {
    const database = newDatabase();
    let builds: MongodbBuildStore;
    let other: Mongodb;
    const made = () => documentsOf(other, texts);
    beforeEach(async () => {
      [builds, other] = [new MongodbBuildStore(database.url), Mongodb.open(database.url)];
      await builds.prepare(texts);
      await fill(builds, texts, { zhang: { texts: ['a'] } });
    });
    afterEach(async () => {
      for (const each of [builds, other]) await each.close();
      await database.drop();
    });

    it('In MongoDB an index that is gone, or is another of its name, is named and made again, and no document is lost', async () => {
      await made().dropIndex('due');
      await made().dropIndex('first');
      await made().createIndex({ position: 1 }, { name: 'first' });
      await made().dropIndex('text');
      await made().createIndex({ 'by.text': 1, _id: 1 }, { name: 'text', unique: true });
      expect(await builds.inspect(texts)).toMatchObject({ place: 'whole', missingIndexes: ['due'], otherIndexes: ['first', 'text'], stored: 1 });
      await builds.prepare(texts);
      expect(await builds.inspect(texts)).toMatchObject({ place: 'whole', missingIndexes: [], otherIndexes: [], stored: 1 });
    });

    it('In MongoDB an index that a person has made for queries of their own is left as it is', async () => {
      await made().createIndex({ texts: 1 }, { name: 'own' });
      await builds.prepare(texts);
      expect(await builds.inspect(texts)).toMatchObject({ place: 'whole', missingIndexes: [], otherIndexes: [] });
      expect((await made().indexes()).map(({ name }) => name)).toContain('own');
    });

    it('In MongoDB the kept number of documents that is gone is noticed, and is there again when they are counted', async () => {
      await builds.complete(texts, { position: first });
      expect(await builds.inspect(texts)).toMatchObject({ kept: 1 });
      await projectorIn(other).updateOne({ _id: PROJECTOR }, { $unset: { 'counts.texts-by-subject@1': '' } });
      expect(await builds.inspect(texts)).toMatchObject({ stored: 1, isUncounted: true });
      await builds.countUncounted([texts]);
      expect(await builds.inspect(texts)).toMatchObject({ stored: 1, kept: 1 });
    });
  });

  countsDocuments(async () => {
    const database = newDatabase();
    const [builds, store, other] = [new MongodbBuildStore(database.url), new MongodbProjectionStore(database.url), Mongodb.open(database.url)];
    return {
      builds,
      store,
      lose: (key) => documentsOf(other, counts).deleteOne({ _id: key }),
      goOnWithoutCounting: async (key, position) => {
        await documentsOf(other, counts).insertOne({ _id: key, position, count: 1 });
        await projectorIn(other).updateOne({ _id: PROJECTOR }, { $set: { 'checkpoints.counts-by-target@1': { position } } });
      },
      drop: async () => {
        for (const each of [builds, store, other]) await each.close();
        await database.drop();
      },
    };
  });
});
