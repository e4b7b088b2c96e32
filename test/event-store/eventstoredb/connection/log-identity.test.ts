import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogReplaced } from '../../../../src/event-store/append.js';
import type { EventStoreDBEventStore } from '../../../../src/event-store/eventstoredb/event-store.js';
import { StoreUnavailable } from '../../../../src/kernel/store-unavailable.js';
import { until } from '../../../until.js';
import { event, numbersOf, readAll, subscribed, testEvent } from '../../test-events.js';
import { connectStore } from '../eventstoredb-log.js';
import { type FaultyLog, openFaultyLog, QUICK_RECOVERY, retried, SHORT_RETRIES } from '../faulty-log.js';
import { MemoryLog } from '../test-server/memory-log.js';
import { TestServer } from '../test-server/test-server.js';

describe('When EventStoreDB comes back with another log, a running process', () => {
  let faulty: FaultyLog;
  let store: EventStoreDBEventStore;
  let replacement: TestServer;
  beforeEach(async () => {
    faulty = await openFaultyLog();
    replacement = await TestServer.start();
    store = faulty.open({ ...SHORT_RETRIES, identityStream: 'installation' });
  });
  afterEach(async () => {
    await faulty.close();
    await replacement.stop();
  });

  const makeLog = (by: EventStoreDBEventStore, id: string) =>
    retried('the installation', () => by.append([{ stream: { name: 'installation' }, expected: 'no_stream', events: [event('Tested', { id, n: 0 })] }]));
  const append = { stream: { name: 's' }, expected: 'no_stream' as const, events: [testEvent(1)] };
  /** Replaces the log, as when a server's disk is lost or a name leads elsewhere. */
  const replace = (port: number) => {
    faulty.proxy.target = port;
    faulty.proxy.cut();
  };
  const entriesOf = (stream: string) => faulty.server.log.stream(stream) as ReturnType<MemoryLog['from']>;
  /** The log when it held only these streams. */
  const olderCopy = (...streams: readonly string[]) => {
    const older = new MemoryLog();
    for (const name of streams) older.append(name, 'no_stream', entriesOf(name));
    return older;
  };
  const direct = (port: number) => connectStore(`esdb://127.0.0.1:${port}?tls=false`);

  it.each([
    ['none at all', undefined, '日志没有记录安装，而这个程序启动时的日志属于安装 one'],
    ['that of another installation', 'other', '日志属于安装 other，而这个程序启动时的日志属于安装 one'],
  ])(
    'When EventStoreDB comes back with another log, a running process reads and writes nothing there, says why, and continues with its own log: %s',
    async (_, id, sentence) => {
      await makeLog(store, 'one');
      const head = await retried('its end', () => store.head());
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
        const said = await retried('the reason', async () => {
          const { message } = (await call().catch((error: unknown) => error)) as Error;
          if (!message.includes('安装')) throw new StoreUnavailable(message);
          return message;
        });
        expect(said).toContain(sentence);
      }
      expect(replacement.log.entries.length).toBe(before);
      replace(faulty.server.port);
      expect(await retried('the same append', () => store.append([append]))).toMatchObject([{ revision: 0 }]);
    },
  );

  it('When EventStoreDB comes back with another log, a running process reports that the log is an older copy or has not caught up, records nothing, and continues once it has', async () => {
    await makeLog(store, 'one');
    const behind = olderCopy('installation');
    const subscription = subscribed(store);
    await retried('an append', () => store.append([append]));
    await subscription.until(2);
    const catchingUp = await TestServer.start(behind);
    replace(catchingUp.port);
    const calls = [() => store.head(), () => store.streams(['s']), () => store.append([{ ...append, expected: 0 as const }])];
    for (const call of calls) {
      const said = await until('the reason', async () => {
        const refusal = await call().catch((error: unknown) => error);
        expect(refusal).not.toBeInstanceOf(LogReplaced);
        // until the connection is known to be lost, and while it is, that is what is said
        return refusal instanceof StoreUnavailable && refusal.message.includes('之前就结束了') && refusal.message;
      });
      expect(said).toContain('这个节点还没有跟上，或者是较旧的副本');
    }
    behind.append('s', 'no_stream', entriesOf('s'));
    expect(numbersOf((await retried('what it has read', () => store.streams(['s'])))[0] ?? [])).toEqual([1]);
    await retried('another append', () => store.append([{ stream: { name: 'u' }, expected: 'no_stream', events: [testEvent(2)] }]));
    await subscription.until(3);
    expect(numbersOf(subscription.events)).toEqual([0, 1, 2]);
    await subscription.stop();
    await catchingUp.stop();
  });

  it('When EventStoreDB comes back with another log, a running process reports an older copy when a log that ends too early has not grown for long', async () => {
    store = faulty.open({ ...SHORT_RETRIES, identityStream: 'installation', staleLogTimeout: 300 });
    await makeLog(store, 'one');
    const older = olderCopy('installation');
    await retried('an append', () => store.append([append]));
    await retried('what it holds', () => readAll(store));
    const restored = await TestServer.start(older);
    replace(restored.port);
    const said = await until('a sentence that is certain', async () => {
      const refusal = await store.streams(['s']).catch((error: unknown) => error);
      return refusal instanceof LogReplaced && refusal.message;
    });
    expect(said).toMatch(/日志在位置 \d+ 之前就结束了，而这个程序读到过那里，并且 \d+ 秒没有增长：日志是另一份，或是较旧的副本/);
    await restored.stop();
  });

  it.each(['all', 'from a place'] as const)(
    'When EventStoreDB comes back with another log, a running process does not mistake a fault of the server with the same error for another log: reads, %s',
    async (which) => {
      await makeLog(store, 'one');
      await retried('an append', () => store.append([append]));
      const [, last] = await retried('both', () => readAll(store));
      const position = String(last?.position);
      const subscription = subscribed(store);
      await subscription.until(2);
      const { reading } = faulty.server;
      const calls = [() => store.read(position, 10), () => store.at(position), () => store.count(position, position), () => store.head()];
      for (const call of calls) {
        reading.faulty = { which, left: which === 'all' ? Number.POSITIVE_INFINITY : 2 };
        const came = await call().catch((error: unknown) => error);
        expect(came).not.toBeInstanceOf(LogReplaced);
        reading.faulty.left = 0;
      }
      reading.faulty = { which, left: 2 };
      reading.dropSubscriptions();
      expect(await retried('the event', async () => (await store.at(position)) ?? {})).toMatchObject({ id: last?.id });
      await retried('another append', () => store.append([{ stream: { name: 'u' }, expected: 'no_stream', events: [testEvent(2)] }]));
      await subscription.until(3);
      expect(numbersOf(subscription.events)).toEqual([0, 1, 2]);
      await subscription.stop();
    },
  );

  it('When EventStoreDB comes back with another log, a running process does not follow an older copy of its log that gets other events at known positions', async () => {
    store = faulty.open({ ...SHORT_RETRIES, identityStream: 'installation', staleLogTimeout: 0 });
    await makeLog(store, 'one');
    const older = olderCopy('installation');
    const subscription = subscribed(store);
    await retried('an append', () => store.append([append]));
    await subscription.until(2);
    const restored = await TestServer.start(older);
    const ended = subscription.until(3);
    replace(restored.port);
    await expect(ended).rejects.toThrow('日志是另一份，或是较旧的副本');
    expect(numbersOf(subscription.events)).toEqual([0, 1]);
    await restored.stop();
  });

  it('When EventStoreDB comes back with another log, a running process delivers and records nothing when an older copy has another event at exactly its position', async () => {
    await makeLog(store, 'one');
    const older = olderCopy('installation');
    const subscription = subscribed(store);
    await retried('an append', () => store.append([append]));
    await subscription.until(2);
    const others = entriesOf('s').map((each) => ({ ...each, id: crypto.randomUUID() }));
    older.append('s', 'no_stream', others);
    const restored = await TestServer.start(older);
    const another = direct(restored.port);
    await another.append([{ stream: { name: 't' }, expected: 'no_stream', events: [testEvent(2)] }]);
    expect(await another.at(await store.head())).toMatchObject({ stream: 's' });
    await another.close();
    const before = older.entries.length;
    const ended = subscription.until(3);
    replace(restored.port);
    await expect(ended).rejects.toThrow(LogReplaced);
    expect(numbersOf(subscription.events)).toEqual([0, 1]);
    for (const call of [() => store.head(), () => store.streams(['s']), () => store.append([{ ...append, expected: 0 }])])
      await expect(call()).rejects.toThrow('日志是另一份，或是较旧的副本');
    expect(older.entries.length).toBe(before);
    replace(faulty.server.port);
    expect(numbersOf((await retried('its own log again', () => store.streams(['s'])))[0] ?? [])).toEqual([1]);
    await restored.stop();
  });

  it('When EventStoreDB comes back with another log, a running process refuses to read or count from a position at which no event begins', async () => {
    store = faulty.open({ ...QUICK_RECOVERY, identityStream: 'installation' });
    await makeLog(store, 'one');
    await store.append([append]);
    const [first] = await readAll(store);
    const head = await store.head();
    const { connected } = faulty.proxy;
    const beside = String(BigInt(first?.position.slice(20) ?? 0) + 1n)
      .padStart(20, '0')
      .repeat(2);
    for (let n = 0; n < 5; n++) {
      await expect(store.count(beside, head)).rejects.toThrow(LogReplaced);
      await expect(store.read(beside, 10)).rejects.toThrow('日志是另一份，或是较旧的副本');
      await expect(store.read(beside, 10, { types: ['Tested'] })).rejects.toThrow(LogReplaced);
    }
    expect(faulty.proxy.connected).toBe(connected);
  });
});
