import { Mongodb } from '../../../src/mongodb/mongodb.js';
import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { documentsOf, PROJECTOR, projectorIn } from '../../../src/read-models/mongodb/collections.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';
import { countsDocuments } from '../document-counts.conformance.js';
import { counts } from '../opened-builds.js';

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
