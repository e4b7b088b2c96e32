import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/append.js';
import type { EventStoreDBEventStore } from '../../src/event-store/eventstoredb/eventstoredb.event-store.js';
import { type FaultyLog, IMPATIENT, openFaultyLog, served } from './eventstoredb/faulty-log.js';
import { MemoryLog } from './eventstoredb/memory-log.js';
import { TestServer } from './eventstoredb/test-server.js';
import { connect } from './eventstoredb-log.js';
import { event, numbersOf, subscribed, tested } from './test-events.js';

describe('A process at work when EventStoreDB comes back with another log', () => {
  let faulty: FaultyLog;
  let store: EventStoreDBEventStore;
  let replacement: TestServer;
  beforeEach(async () => {
    faulty = await openFaultyLog();
    replacement = await TestServer.start();
    store = faulty.open({ ...IMPATIENT, mark: 'installation' });
  });
  afterEach(async () => {
    await faulty.close();
    await replacement.stop();
  });

  const makeLog = (by: EventStoreDBEventStore, id: string) =>
    served('the installation', () => by.append([{ stream: { name: 'installation' }, expected: 'no_stream', events: [event('Tested', { id, n: 0 })] }]));
  const append = { stream: { name: 's' }, expected: 'no_stream' as const, events: [tested(1)] };
  /** As when a server's disk is lost, or a name leads elsewhere. */
  const replace = (port: number) => {
    faulty.proxy.target = port;
    faulty.proxy.cut();
  };
  const direct = (port: number) => connect(`esdb://127.0.0.1:${port}?tls=false`);

  it.each([
    ['none at all', undefined, 'the log has no installation, but this process began with that of installation one'],
    ['that of another installation', 'other', 'the log is of installation other, but this process began with that of installation one'],
  ])('writes and reads nothing there, says why, and goes on once it has its own again: %s', async (_, id, sentence) => {
    await makeLog(store, 'one');
    const head = await served('its end', () => store.head());
    if (id !== undefined) {
      const another = direct(replacement.port);
      await makeLog(another, id);
      await another.close();
    }
    const before = replacement.log.entries.length;
    replace(replacement.port);
    const calls = [() => store.append([append]), () => store.streams(['s']), () => store.head(), () => store.at(head)];
    for (const call of calls) {
      const refusal = await call().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(StoreUnavailable);
      // while the connection is lost, that is the reason
      const said = await served('the reason', async () => {
        const { message } = (await call().catch((error: unknown) => error)) as Error;
        if (!message.includes('installation')) throw new StoreUnavailable(message);
        return message;
      });
      expect(said).toContain(sentence);
    }
    expect(replacement.log.entries.length).toBe(before);
    replace(faulty.server.port);
    expect(await served('the same append', () => store.append([append]))).toMatchObject([{ revision: 0 }]);
  });

  it('follows no older copy of its log, in which other events come to stand where it has been', async () => {
    await makeLog(store, 'one');
    const older = new MemoryLog();
    const [installation] = faulty.server.log.stream('installation') as ReturnType<MemoryLog['from']>;
    if (!installation) throw new Error('there is no installation');
    older.append('installation', 'no_stream', [installation]);
    const subscription = subscribed(store);
    await served('an append', () => store.append([append]));
    await subscription.until(2);
    const restored = await TestServer.start(older);
    const ended = subscription.until(3);
    replace(restored.port);
    await expect(ended).rejects.toThrow('another log or an older copy of it');
    expect(numbersOf(subscription.events)).toEqual([0, 1]);
    await restored.stop();
  });
});
