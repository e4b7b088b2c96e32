import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Append, RevisionConflict, type Written } from '../../../src/event-store/append.js';
import { START } from '../../../src/event-store/event.js';
import type { EventStore } from '../../../src/event-store/event-store.js';
import { Scope } from '../../../src/event-store/eventstoredb/scope.js';
import { log } from '../../../src/kernel/log.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { until } from '../../until.js';
import { event, numbersOf, readAll, testEvent } from '../test-events.js';
import { connectStore } from './eventstoredb-log.js';
import { type FaultyLog, LONG_INACTIVITY, openFaultyLog, retried, SHORT_RETRIES } from './faulty-log.js';

describe('When EventStoreDB fails', () => {
  let faulty: FaultyLog;
  beforeEach(async () => {
    faulty = await openFaultyLog();
  });
  afterEach(async () => {
    await faulty.close();
    jest.restoreAllMocks();
  });

  const one = (name: string, expected: Append['expected'], ...events: Append['events'][number][]): Append => ({ stream: { name }, expected, events });
  const numbers = async (store: EventStore, name: string) => numbersOf((await store.streams([name]))[0] ?? []);

  it('When EventStoreDB fails, each event is recorded once although the connection is reset repeatedly', async () => {
    const store = faulty.open();
    const streams = Array.from({ length: 25 }, (_, n) => `s-${n}`);
    for (let n = 0; n < 12; n++) {
      const before = faulty.server.appending.received.length;
      const appending = store.append(streams.map((name) => one(name, n === 0 ? 'no_stream' : n - 1, testEvent(n))));
      await until('some have arrived', () => faulty.server.appending.received.length > before + n);
      faulty.proxy.cut();
      const answers = await appending;
      expect(answers.map((answer) => !(answer instanceof RevisionConflict) && answer.revision)).toEqual(streams.map(() => n));
    }
    expect(faulty.proxy.connected).toBeGreaterThan(10);
    for (const events of await store.streams(streams)) expect(numbersOf(events)).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });

  it('When EventStoreDB fails, an append in a long outage of appends is tried once, although reads are answered meanwhile', async () => {
    const store = faulty.open({ inactivity: 150, retrying: 1_000, retryDelays: [1, 20] });
    const { appending } = faulty.server;
    appending.unanswered = Number.POSITIVE_INFINITY;
    const triesOfNext = async () => {
      await retried('the log is read', () => store.head());
      const before = appending.received.length;
      await expect(store.append([one('s', 'no_stream', testEvent(0))])).rejects.toBeInstanceOf(StoreUnavailable);
      return appending.received.length - before;
    };
    expect(await triesOfNext()).toBeGreaterThan(1);
    await until('it is tried once', async () => (await triesOfNext()) === 1);
  });

  describe('An append whose answer is lost', () => {
    it.each<[string, (faulty: FaultyLog) => void]>([
      ['by a reset', ({ proxy }) => proxy.cut()],
      ['because it comes too late', () => undefined],
    ])(
      'When EventStoreDB fails, an append whose answer is lost %s is sent again with the same ids and revision, and answered with the first result',
      async (_, fail) => {
        const store = faulty.open();
        const events = [testEvent(1), testEvent(2)];
        faulty.server.appending.unanswered = 1;
        const appending = store.append([one('s', 'no_stream', ...events)]);
        await until('it is recorded', () => faulty.server.log.stream('s'));
        await faulty.open().append([one('s', 1, testEvent(3))]); // somebody else goes on from there
        fail(faulty);
        expect(await appending).toEqual([{ revision: 1, position: (await store.streams(['s']))[0]?.[1]?.position }]);
        const sent = faulty.server.appending.received.filter(({ expected }) => expected === 'no_stream');
        expect(sent.length).toBeGreaterThan(1);
        for (const again of sent) expect(again).toEqual({ stream: 's', expected: 'no_stream', ids: events.map(({ id }) => id) });
        faulty.server.appending.release();
        expect(await numbers(store, 's')).toEqual([1, 2, 3]);
      },
    );

    it('When EventStoreDB fails, an append whose answer is lost returns its position although the server no longer knows it', async () => {
      const store = faulty.open();
      faulty.server.appending.forgetsPlaces = true;
      const append = [one('s', 'no_stream', testEvent(1), testEvent(2))];
      const [first] = await store.append(append);
      expect(await store.append(append)).toEqual([first]);
    });

    it('When EventStoreDB fails, an append whose answer is lost has an unknown outcome until the command is repeated', async () => {
      const store = faulty.open(SHORT_RETRIES);
      const append = [one('s', 'no_stream', testEvent(1))];
      faulty.server.appending.unanswered = Number.POSITIVE_INFINITY;
      await expect(store.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
      faulty.server.appending.unanswered = 0;
      expect(await retried('the same command', () => store.append(append))).toMatchObject([{ revision: 0 }]);
      faulty.server.appending.release();
      expect(await numbers(store, 's')).toEqual([1]);
    });
  });

  it('When EventStoreDB fails, a call waits for a server that is not ready, and is unavailable when that takes too long', async () => {
    faulty.server.notReady = true;
    const impatient = faulty.open(SHORT_RETRIES);
    for (const call of [impatient.head(), impatient.streams(['s']), impatient.append([one('s', 'no_stream', testEvent(1))])])
      await expect(call).rejects.toBeInstanceOf(StoreUnavailable);
    const patient = faulty.open();
    const appending = patient.append([one('s', 'no_stream', testEvent(1))]);
    const reading = patient.read(START, 10);
    faulty.server.notReady = false;
    expect(await appending).toMatchObject([{ revision: 0 }]);
    expect((await reading).end).toBe(true);
    expect(await retried('a read', () => numbers(impatient, 's'))).toEqual([1]);
  });

  it('When EventStoreDB fails, a call fails after one attempt when the server has been away for longer than the retry timeout', async () => {
    const store = faulty.open();
    faulty.server.notReady = true;
    const patient = expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
    await until('it was refused', () => faulty.server.asked > 1);
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 3_600_000);
    await patient;
    const append = [one('s', 'no_stream', testEvent(1))];
    for (const call of [() => store.head(), () => store.append(append)]) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
    faulty.server.notReady = false;
    expect(await retried('an append', () => store.append(append))).toMatchObject([{ revision: 0 }]);
  });

  it('When EventStoreDB fails, appends are refused while the server’s disk is full, and reads continue', async () => {
    const store = faulty.open(SHORT_RETRIES);
    await faulty.open().append([one('s', 'no_stream', testEvent(1))]);
    faulty.server.appending.full = true;
    const append = [one('s', 0, testEvent(2))];
    await expect(store.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await retried('a stream', () => numbers(store, 's'))).toEqual([1]);
    expect(numbersOf(await retried('the log', () => readAll(store)))).toEqual([1]);
    faulty.server.appending.full = false;
    expect(await retried('an append', () => store.append(append))).toMatchObject([{ revision: 1 }]);
  });

  it('When EventStoreDB fails, a call is unavailable when the server accepts calls and never answers', async () => {
    await faulty.open().append([one('s', 'no_stream', testEvent(1))]);
    const store = faulty.open(SHORT_RETRIES);
    await retried('a call', () => store.head()); // it has reached the server
    faulty.server.frozen = true;
    const calls = [store.append([one('s', 0, testEvent(2))]), store.streams(['s']), store.read(START, 10), store.head(), store.subject('x')];
    const refusals = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(StoreUnavailable);
      expect((refusal as StoreUnavailable).cause).toMatchObject({ name: 'CallTimeout' }); // our own limit, not that of the channel, which is 20 s
    }
    faulty.server.frozen = false;
    expect(await retried('a stream', () => numbers(store, 's'))).toEqual([1]);
  });

  it('When EventStoreDB fails, the store starts without a server, logs it, and works as soon as there is one', async () => {
    const said = jest.spyOn(log, 'error');
    const good = jest.spyOn(log, 'info');
    await faulty.proxy.close();
    const store = faulty.open(SHORT_RETRIES);
    await until('it was said', () => said.mock.calls.length > 0);
    expect(said.mock.calls[0]).toEqual([
      { eventStore: `127.0.0.1:${faulty.proxy.port}`, reason: expect.stringContaining('没有程序在监听') },
      expect.any(String),
    ]);
    await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
    await faulty.proxy.open();
    await until('it was reached', () => good.mock.calls.length > 0);
    expect(said).toHaveBeenCalledTimes(1);
    const append = [one('s', 'no_stream', testEvent(1))];
    expect(await retried('an append', () => store.append(append))).toMatchObject([{ revision: 0 }]);
  });

  it('When EventStoreDB fails, refused credentials are reported at once, without showing them', async () => {
    const said = jest.spyOn(log, 'error');
    faulty.server.denied = true;
    const store = connectStore(faulty.url.replace('//', '//centre:secret-word@'));
    await expect(store.append([one('s', 'no_stream', testEvent(1))])).rejects.toThrow(StoreUnavailable);
    await until('it was said', () => said.mock.calls.length > 0);
    expect(JSON.stringify(said.mock.calls)).toMatch(/要求用户名和密码/);
    expect(JSON.stringify(said.mock.calls)).not.toMatch(/secret-word/);
    await store.close();
  });

  it('When EventStoreDB fails, the other streams of a call are written when one cannot be', async () => {
    const store = faulty.open(SHORT_RETRIES);
    const tooSlow = store.append([one('a', 'no_stream', testEvent(1)), one('b', 'no_stream', testEvent(2))]);
    faulty.server.appending.unanswered = 1;
    await expect(tooSlow).rejects.toBeInstanceOf(StoreUnavailable);
    faulty.server.appending.release();
    const found = ['a', 'b'].map((name) => retried(name, () => numbers(store, name)));
    expect(await Promise.all(found)).toEqual([[1], [2]]);
  });

  it('When EventStoreDB fails, a subscription that is no longer needed is cancelled at the server', async () => {
    const others = Array.from({ length: 20 }, (_, n) => testEvent(n));
    await faulty.open(LONG_INACTIVITY).append([one('s2', 'no_stream', ...others)]);
    const store = faulty.open({ ...LONG_INACTIVITY, scope: new Scope('', new Set(['s'])) }); // the server lets the others through, so the log is followed
    await store.append([one('s', 'no_stream', testEvent(1))]);
    for (let n = 0; n < 5; n++) expect(numbersOf((await store.read(START, 10)).events)).toEqual([1]);
    await until('no read is open', () => faulty.server.reading.open === 0);
  });

  it('When EventStoreDB fails, closing the store ends all waiting', async () => {
    const store = faulty.open();
    faulty.server.frozen = true;
    const reading = expect(store.head()).rejects.toThrow('closed');
    await until('it was asked', () => faulty.proxy.connected > 0);
    await store.close();
    await reading;
  });

  it('When EventStoreDB fails, the largest event is as large as the server accepts', async () => {
    const store = faulty.open(LONG_INACTIVITY);
    const events = Array.from({ length: 4 }, () => event('Tested', { text: 'x'.repeat(300_000) }));
    await expect(store.append([one('s', 'no_stream', ...events)])).rejects.toMatchObject({
      name: 'EventTooLarge',
      message: expect.stringContaining('batch of 4'),
    });
    const [written] = (await store.append([one('s', 'no_stream', ...events.slice(1))])) as Written[];
    expect(written).toMatchObject({ revision: 2 });
    expect(faulty.server.appending.received).toHaveLength(1);
  });
});
