import { MongodbReactionStore } from '../../src/reactions/mongodb.reaction-store.js';
import { describeWithMongodb, newDatabase } from '../mongodb/mongodb-server.js';
import { describeReactionStore } from './reaction-store.conformance.js';

describeWithMongodb('In MongoDB', () => {
  describeReactionStore(() => {
    const database = newDatabase();
    const opened: MongodbReactionStore[] = [];
    return {
      open: (clock) => {
        const store = new MongodbReactionStore(database.url, clock);
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
