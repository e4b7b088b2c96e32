import { MongodbTallies } from '../../../src/identity/throttling/mongodb.tallies.js';
import { describeWithMongodb, newDatabase } from '../../mongodb/mongodb-server.js';
import { keepsTallies } from './tallies.conformance.js';

describeWithMongodb('In MongoDB', () => {
  keepsTallies(() => {
    const database = newDatabase();
    const opened: MongodbTallies[] = [];
    return {
      open: async () => {
        const tallies = await MongodbTallies.open(database.url);
        opened.push(tallies);
        return { run: (begin, now) => tallies.change(begin(), now) };
      },
      drop: async () => {
        for (const tallies of opened) await tallies.close();
        await database.drop();
      },
    };
  });
});
