import { MongodbRateLimitStore } from '../../../src/identity/throttling/mongodb.rate-limit-store.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { keepsRateLimits } from './rate-limit-store.conformance.js';

describeWithMongodb('In MongoDB', () => {
  keepsRateLimits(() => {
    const database = newDatabase();
    const opened: MongodbRateLimitStore[] = [];
    return {
      open: async () => {
        const store = await MongodbRateLimitStore.open(database.url);
        opened.push(store);
        return { run: (begin, now) => store.change(begin(), now) };
      },
      drop: async () => {
        for (const store of opened) await store.close();
        await database.drop();
      },
    };
  });
});
