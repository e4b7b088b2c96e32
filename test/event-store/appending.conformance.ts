import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MAX_EVENT_BYTES, type Revision, RevisionConflict, type Written } from '../../src/event-store/append.js';
import { START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { Open, OpenedLog } from './opened-log.js';
import { event, metadata, numbersOf, readAll, testEvent } from './test-events.js';

/** The same results as a real EventStoreDB 22.10 gives. */
export function appending(open: Open): void {
  let log: OpenedLog;
  let store: EventStore;
  beforeEach(async () => {
    log = await open();
    store = log.store;
  });
  afterEach(() => log.close());

  const append = async (name: string, expected: Revision, ...events: ReturnType<typeof testEvent>[]) =>
    (await store.append([{ stream: { name }, expected, events }]))[0];
  const numbers = async (name: string) => numbersOf((await store.streams([name]))[0] ?? []);

  it('The event store returns the stream’s end as revision and position', async () => {
    const first = (await append('s', 'no_stream', testEvent(1))) as Written;
    const next = (await append('s', 0, testEvent(2), testEvent(3))) as Written;
    expect([first.revision, next.revision]).toEqual([0, 2]);
    expect(START < first.position && first.position < next.position).toBe(true);
    expect(next.position).toBe(await store.head());
    expect(await numbers('s')).toEqual([1, 2, 3]);
  });

  it('The event store reads back exactly what was appended', async () => {
    const data = { text: '考试 "\\ \n \u0000 \ud83d\ude00', list: [1, -2.5, null, { deep: [] }], yes: true, lone: '\ud800' };
    const given = event('Tested', data);
    const before = Date.now();
    await store.append([{ stream: { name: 's', subject: 'candidate' }, expected: 'no_stream', events: [given] }]);
    const [[recorded] = []] = await (await log.reopen()).streams(['s']);
    expect(recorded).toEqual({
      type: 'Tested',
      data,
      id: given.id,
      stream: 's',
      subject: 'candidate',
      revision: 0,
      position: expect.any(String),
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      metadata,
    });
    expect(Date.parse(recorded?.recordedAt ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(recorded?.recordedAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('The event store returns the first result for a repeated append, also with other data and after a restart', async () => {
    const [e1, e2, e3] = [testEvent(1), testEvent(2), testEvent(3)];
    const first = await append('s', 'no_stream', e1);
    const second = await append('s', 0, e2, e3);
    expect(await append('s', 'no_stream', e1)).toEqual(first);
    expect(await append('s', 'no_stream', testEvent(9, e1.id))).toEqual(first);
    store = await log.reopen();
    expect(await append('s', 0, e2, e3)).toEqual(second);
    expect(await numbers('s')).toEqual([1, 2, 3]);
  });

  it('The event store returns one result for the same append made twice at once through two connections', async () => {
    const other = await log.second();
    const events = [testEvent(1), testEvent(2)];
    const twice = await Promise.all([store, other].map((through) => through.append([{ stream: { name: 's' }, expected: 'no_stream', events }])));
    expect(twice[0]).toEqual(twice[1]);
    expect(await numbers('s')).toEqual([1, 2]);
  });

  it('The event store recognises a repeated append whose answer was lost, whatever was recorded since', async () => {
    const [e1, e2, e3] = [testEvent(1), testEvent(2), testEvent(3)];
    await append('s', 'no_stream', e1);
    const lost = await append('s', 0, e2, e3);
    const other = await log.second();
    await other.append([{ stream: { name: 's' }, expected: 2, events: [testEvent(4)] }]);
    await other.append([{ stream: { name: 'other' }, expected: 'no_stream', events: [testEvent(5)] }]);
    store = await log.reopen();
    expect(await append('s', 0, e2, e3)).toEqual(lost);
    expect(await numbers('s')).toEqual([1, 2, 3, 4]);
  });

  it('The event store recognises the beginning of an earlier append', async () => {
    const [e1, e2] = [testEvent(1), testEvent(2)];
    await append('s', 'no_stream', e1, e2);
    expect(await append('s', 'no_stream', e1)).toMatchObject({ revision: 0 });
  });

  it('The event store reports a conflict for an append that is half old and half new', async () => {
    const e3 = testEvent(3);
    await append('s', 'no_stream', testEvent(1), testEvent(2), e3);
    const answer = await append('s', 1, e3, testEvent(4));
    expect(answer).toBeInstanceOf(RevisionConflict);
    expect(answer).toMatchObject({ stream: 's', expected: 1, actual: 2 });
    expect(await numbers('s')).toEqual([1, 2, 3]);
  });

  it('The event store appends an old id again at the actual next revision', async () => {
    const e1 = testEvent(1);
    await append('s', 'no_stream', e1, testEvent(2));
    expect(await append('s', 1, e1)).toMatchObject({ revision: 2 });
    expect(await numbers('s')).toEqual([1, 2, 1]);
  });

  it.each<[string, Revision]>([
    ['no stream, where there is one', 'no_stream'],
    ['a revision that has passed', 0],
    ['a revision still to come', 9],
  ])('The event store reports a revision conflict when it expects %s', async (_, expected) => {
    await append('s', 'no_stream', testEvent(1), testEvent(2), testEvent(3));
    expect(await append('s', expected, testEvent(4))).toMatchObject({ name: 'RevisionConflict', stream: 's', expected, actual: 2 });
    expect(await numbers('s')).toEqual([1, 2, 3]);
  });

  it('The event store reports a revision conflict when it expects a revision of a stream that does not exist', async () => {
    expect(await append('s', 0, testEvent(1))).toMatchObject({ name: 'RevisionConflict', expected: 0, actual: 'no_stream' });
    expect(await store.head()).toBe(START);
  });

  it('The event store accepts one of twenty concurrent appends and reports a conflict to the others', async () => {
    const other = await log.second();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).append([{ stream: { name: 's' }, expected: 'no_stream', events: [testEvent(n)] }])),
    );
    expect(answers.flat().filter((answer) => answer instanceof RevisionConflict)).toHaveLength(19);
    expect(await numbers('s')).toHaveLength(1);
  });

  it('The event store returns the result of each stream of a batch in order', async () => {
    await append('held', 'no_stream', testEvent(0));
    const answers = await store.append([
      { stream: { name: 'a' }, expected: 'no_stream', events: [testEvent(1), testEvent(2)] },
      { stream: { name: 'held' }, expected: 'no_stream', events: [testEvent(3)] },
      { stream: { name: 'b' }, expected: 'no_stream', events: [testEvent(4)] },
      { stream: { name: 'a' }, expected: 1, events: [testEvent(5)] },
    ]);
    expect(answers).toMatchObject([{ revision: 1 }, { name: 'RevisionConflict', actual: 0 }, { revision: 0 }, { revision: 2 }]);
    expect(await Promise.all(['a', 'held', 'b'].map(numbers))).toEqual([[1, 2, 5], [0], [4]]);
    expect(numbersOf(await readAll(store)).toSorted()).toEqual([0, 1, 2, 4, 5]);
  });

  it('The event store writes nothing and creates no stream for an append without events', async () => {
    expect(await append('s', 'no_stream')).toEqual({ revision: -1, position: START });
    expect(await store.head()).toBe(START);
    const written = await append('s', 'no_stream', testEvent(1));
    expect(await append('s', 0)).toEqual(written);
    expect(await append('s', 'no_stream')).toBeInstanceOf(RevisionConflict);
    expect(await store.append([])).toEqual([]);
  });

  it('The event store accepts events just below the limit, one after another', async () => {
    const large = (n: number) => event('Tested', { n, text: 'x'.repeat(MAX_EVENT_BYTES - 1_000) });
    for (const [n, expected] of [[1, 'no_stream'] as const, [2, 0] as const]) expect(await append('s', expected, large(n))).toMatchObject({ revision: n - 1 });
    expect(await numbers('s')).toEqual([1, 2]);
    expect(numbersOf(await readAll(store, undefined, 1))).toEqual([1, 2]);
  });

  it('The event store accepts an event of 900 kB and refuses one over 1 MiB with its whole batch', async () => {
    const large = '中'.repeat(300_000);
    await append('large', 'no_stream', event('Tested', { large }));
    expect((await store.streams(['large']))[0]?.[0]?.data).toEqual({ large });
    const tooLarge = { stream: { name: 'other' }, expected: 'no_stream' as const, events: [event('Tested', { text: 'x'.repeat(MAX_EVENT_BYTES) })] };
    const beside = { stream: { name: 'beside' }, expected: 'no_stream' as const, events: [testEvent(1)] };
    await expect(store.append([beside, tooLarge])).rejects.toMatchObject({ name: 'EventTooLarge', message: expect.stringContaining('other') });
    expect(await store.streams(['beside', 'other'])).toEqual([[], []]);
  });

  it('The event store refuses events that could not be read again, and records nothing of them', async () => {
    const stream = { name: 's' };
    const circle: { self?: object } = {};
    circle.self = circle;
    for (const wrong of [event('Undeclared', {}), event('constructor', {}), event('Tested', {}, 'no uuid'), event('Tested', circle)])
      await expect(store.append([{ stream, expected: 'no_stream', events: [testEvent(1), wrong] }])).rejects.toThrow();
    for (const name of ['', 'nul\0', 'half \ud800'])
      await expect(store.append([{ stream: { name }, expected: 'no_stream', events: [testEvent(1)] }])).rejects.toThrow("not a stream's name");
    for (const expected of [-1, 0.5, Number.NaN]) await expect(append('s', expected, testEvent(1))).rejects.toThrow('not a revision');
    expect(await store.head()).toBe(START);
  });

  it('The event store refuses another subject for a stream, with the whole batch', async () => {
    await store.append([{ stream: { name: 's', subject: 'one' }, expected: 'no_stream', events: [testEvent(1)] }]);
    const beside = [
      { stream: { name: 's', subject: 'one' }, expected: 0, events: [testEvent(2)] },
      { stream: { name: 'new' }, expected: 'no_stream' as const, events: [testEvent(3)] },
    ];
    const wrong = { stream: { name: 's', subject: 'other' }, expected: 1, events: [testEvent(4)] };
    await expect(store.append([...beside, wrong])).rejects.toThrow('another subject');
    expect([await numbers('s'), await numbers('new')]).toEqual([[1], []]);
    expect(await store.append(beside)).toMatchObject([{ revision: 1 }, { revision: 0 }]);
  });

  it('The event store throws after it was closed', async () => {
    await append('s', 'no_stream', testEvent(1));
    const pending = append('s', 0, testEvent(2));
    await store.close();
    expect(await pending).toMatchObject({ revision: 1 });
    for (const call of [append('s', 1, testEvent(3)), store.streams(['s']), store.subject('x'), store.read(START, 1), store.at(START), store.head()])
      await expect(call).rejects.toThrow('closed');
    await store.close();
    store = await log.reopen();
    expect(await numbers('s')).toEqual([1, 2]);
  });
}
