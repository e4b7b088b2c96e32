/**
 * A process that works with a cluster: node cluster-client.mjs URL STREAMS. Appends to so many streams, always one append of
 * two events under way for each, reads them, and follows the log, until a line comes in; then it says as JSON what it found.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { EventStoreDBEventStore } from '../../../dist/src/event-store/eventstoredb/event-store.js';
import { parseEventStoreUrl } from '../../../dist/src/event-store/eventstoredb/url.js';

const [url, streams] = process.argv.slice(2);
const metadata = { command: randomUUID(), correlation: randomUUID(), by: 'import', origin: 'import' };
const timeouts = { inactivity: 800, retrying: 5_000, retryDelays: [1, 50], subscriptionIdle: 20 };
const store = new EventStoreDBEventStore(parseEventStoreUrl(url, { production: false }), { Tested: [], Counted: [] }, async () => [], timeouts);
const names = Array.from({ length: Number(streams) }, (_, n) => `s-${n}`);
const acknowledged = new Map(names.map((name) => [name, 0]));
const followed = [new Map(), new Map()];
let isOver = false;
let unknown = 0;
let reads = 0;
const strange = [];

async function appendTo(name) {
  while (!isOver) {
    const done = acknowledged.get(name);
    const events = [done, done + 1].map((n) => ({ type: n % 3 ? 'Tested' : 'Counted', id: randomUUID(), data: { n }, metadata }));
    const append = { stream: { name }, expected: done === 0 ? 'no_stream' : done - 1, events };
    const answer = await untilAnswered(() => store.append([append]));
    if (answer[0].revision !== done + 1) strange.push(`${name} was answered ${JSON.stringify(answer[0])} after ${done}`);
    acknowledged.set(name, done + 2);
  }
}

async function untilAnswered(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.name !== 'StoreUnavailable') throw error;
      unknown += 1; // the same again
    }
  }
}

async function readAgain() {
  while (!isOver) {
    const [events] = await untilAnswered(() => store.streams([names[reads % names.length]]));
    if (events.some(({ revision }, at) => revision !== at)) strange.push('a stream was read in another order');
    await untilAnswered(() => store.read('', 100));
    reads += 1;
  }
}

const stopping = new AbortController();
const follow = (seen, filter) =>
  store.subscribe(
    '',
    filter,
    async ({ events }) => {
      for (const { stream, data } of events) {
        if (!seen.has(stream)) seen.set(stream, []);
        seen.get(stream).push(data.n);
      }
    },
    stopping.signal,
  );
const following = [follow(followed[0]), follow(followed[1], { types: ['Counted'] })];
const working = [...names.map(appendTo), readAgain()];
await once(process.stdin, 'data');
isOver = true;
await Promise.all(working);

const upTo = (name) => Array.from({ length: acknowledged.get(name) }, (_, n) => n);
const isAllThere = () =>
  names.every((name) => followed[0].get(name)?.length >= upTo(name).length && (followed[1].get(name)?.length ?? 0) >= upTo(name).length / 3);
const patient = Date.now() + 300_000;
while (!isAllThere() && Date.now() < patient) await new Promise((resolve) => setTimeout(resolve, 20));
stopping.abort();
await Promise.all(following);
const wrong = [];
for (const name of names) {
  const [events] = await store.streams([name]);
  const expected = upTo(name);
  const found = [events.map(({ data }) => data.n), followed[0].get(name) ?? [], followed[1].get(name) ?? []];
  const wanted = [expected, expected, expected.filter((n) => n % 3 === 0)];
  for (const [at, numbers] of found.entries())
    if (numbers.join() !== wanted[at].join())
      wrong.push(`${name}, ${['read', 'followed', 'followed by type'][at]}: ${numbers.join()} instead of ${wanted[at].join()}`);
}
await store.close();
const appended = [...acknowledged.values()].reduce((sum, n) => sum + n, 0);
process.stdout.write(`\n${JSON.stringify({ appended, reads, unknown, wrong, strange })}\n`);
process.stdin.destroy();
