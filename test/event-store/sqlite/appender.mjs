/**
 * A process that appends: node appender.mjs FILE NAME BATCHES. To a stream of its own name twenty events a batch, and one
 * to the stream `shared`, for which it races with others. Says a line of JSON of each batch once it is answered.
 */
import { randomUUID } from 'node:crypto';
import { SqliteEventStore } from '../../../dist/src/event-store/sqlite/event-store.js';

const [file, name, batches] = process.argv.slice(2);
const metadata = { command: randomUUID(), correlation: randomUUID(), by: 'import', origin: 'import' };
const tested = (n) => ({ type: 'Tested', id: randomUUID(), data: { n }, metadata });

try {
  const store = new SqliteEventStore(file, { Tested: [] });
  let own = 'no_stream';
  let shared = 'no_stream';
  for (let batch = 0; batch < Number(batches); batch++) {
    const events = Array.from({ length: 20 }, (_, n) => tested(batch * 20 + n));
    const [written, raced] = await store.append([
      { stream: { name }, expected: own, events },
      { stream: { name: 'shared' }, expected: shared, events: [tested(batch)] },
    ]);
    own = written.revision;
    const won = raced.name !== 'RevisionConflict';
    shared = won ? raced.revision : raced.actual;
    console.log(JSON.stringify({ ids: events.map(({ id }) => id), last: written.position, won }));
  }
  await store.close();
} catch ({ name: error, message }) {
  console.log(JSON.stringify({ error, message }));
}
