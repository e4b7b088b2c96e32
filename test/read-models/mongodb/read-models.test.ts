import { MongodbProjectionStore } from '../../../src/read-models/mongodb/projection-store.js';
import { MongodbReadModels } from '../../../src/read-models/mongodb/read-models.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { holdsWhatReadModelsPromise } from '../read-models.conformance.js';

describeWithMongodb('In MongoDB', () => {
  holdsWhatReadModelsPromise('read models', async () => {
    const database = newDatabase();
    return {
      openStore: async (clock) => new MongodbProjectionStore(database.url, clock),
      openReadModels: async () => new MongodbReadModels(database.url),
      drop: () => database.drop(),
    };
  });
});
