import { MongodbBuildStore } from '../../../src/read-models/mongodb/build-store.js';
import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { holdsWhatABuildStorePromises } from '../build-store.conformance.js';

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
});
