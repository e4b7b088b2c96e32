import { MongodbActingStore } from '../../src/reactions/mongodb.acting-store.js';
import { describeWithMongodb, newDatabase } from '../mongodb/mongodb-server.js';
import { holdsWhatAnActingStorePromises } from './acting-store.conformance.js';

describeWithMongodb('In MongoDB', () => {
  holdsWhatAnActingStorePromises(() => {
    const database = newDatabase();
    const opened: MongodbActingStore[] = [];
    return {
      open: (clock) => {
        const store = new MongodbActingStore(database.url, clock);
        opened.push(store);
        return store;
      },
      drop: async () => {
        for (const store of opened) await store.close();
        await database.drop();
      },
    };
  });
});
