import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type Append, MAX_EVENT_BYTES, RevisionConflict } from '../../src/event-store/append.js';
import { type Cause, causedBy } from '../../src/event-store/cause.js';
import type { Decider } from '../../src/event-store/decider.js';
import { type Event, START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import type { Open, OpenedLog } from './opened-log.js';
import { event, newerEvents, numbersOf, readAll } from './test-events.js';

type Counted = Event<'Counted', { readonly n: number; readonly text?: string }>;

const sum: Decider<number, Counted> = { initial: () => 0, evolve: (before, { data }) => before + data.n };
const count: Decider<number, Counted> = { initial: () => 0, evolve: (before) => before + 1 };
const cause: Cause = { correlation: randomUUID(), by: 'office:test', origin: 'office' };

function add(n: number): (state: number) => readonly Counted[] {
  return () => [{ type: 'Counted', data: { n } }];
}

function addUpTo(most: number, n: number) {
  return (state: number): readonly Counted[] => {
    if (state + n > most) throw new Refusal('counter.full', 'full', { most });
    return [{ type: 'Counted', data: { n } }];
  };
}

export function deciding(open: Open): void {
  let log: OpenedLog;
  let store: EventStore;
  beforeEach(async () => {
    log = await open();
    store = log.store;
  });
  afterEach(() => log.close());

  const given = (id: string = randomUUID(), assertsState = false) => ({ given: { id, at: '2026-10-01T01:00:00.000Z', assertsState } });
  const decide = (name: string, decision: (state: number) => readonly Counted[], command = given(), through = store) =>
    causedBy(cause, () => through.decide(command, { name, subject: 'one' }, sum, decision));
  const numbers = async (name: string) => numbersOf((await store.streams([name]))[0] ?? []);

  it('records what is decided on what the stream adds up to, and says who and why', async () => {
    await decide('s', add(2));
    const command = given();
    const appended = await decide('s', (state) => add(state * 10)(state), command);
    expect(appended).toEqual({ position: await store.head(), recorded: 1 });
    const [[, second] = []] = await store.streams(['s']);
    expect(second).toMatchObject({ data: { n: 20 }, subject: 'one', metadata: { ...cause, command: command.given.id } });
  });

  it('records of whom a stream is, also where a later command or one given beside does not say it', async () => {
    const unsaid = (n: number) => causedBy(cause, () => store.decide(given(), { name: 's' }, sum, add(n)));
    await Promise.all([unsaid(1), decide('s', add(2))]);
    await unsaid(3);
    expect((await readAll(store)).map(({ subject }) => subject)).toEqual(['one', 'one', 'one']);
  });

  it('tells afterwards of an append that was not answered whether it was recorded, or never will be', async () => {
    await decide('s', add(1));
    const command = given();
    const sent = { stream: 's', command: command.given.id, expected: 0 };
    const unsent = { stream: 'none', command: command.given.id, expected: 'no_stream' } as const;
    expect(['open', 'nothing']).toContain((await store.appendOutcomes([sent]))[0]);
    await decide('s', add(2), command);
    const overtaken = { ...sent, command: randomUUID() };
    expect(await store.appendOutcomes([sent, overtaken])).toEqual(['recorded', 'nothing']);
    expect(['open', 'nothing']).toContain((await store.appendOutcomes([unsent]))[0]);
  });

  it('records nothing when nothing is decided, and answers where the stream ends', async () => {
    expect(await decide('s', () => [])).toEqual({ position: START, recorded: 0 });
    const { position } = await decide('s', add(1));
    await decide('other', add(1));
    expect(await decide('s', () => [])).toEqual({ position, recorded: 0 });
  });

  it('records a command once, in one turn or later, and answers where the stream ends', async () => {
    const command = given();
    const once = await Promise.all([decide('s', add(1), command), decide('s', add(1), command)]);
    expect(once.map(({ recorded }) => recorded)).toEqual([1, 0]);
    const { position } = await decide('s', add(2));
    store = await log.reopen();
    expect(await decide('s', add(1), command)).toEqual({ position, recorded: 0 });
    expect(await numbers('s')).toEqual([1, 2]);
  });

  it('decides a command that says what holds by the state, however often it comes', async () => {
    const set = (to: number) => (state: number) => (state === to ? [] : add(to - state)(state));
    const [a, b] = [given(undefined, true), given(undefined, true)];
    for (const [to, command] of [
      [5, a],
      [5, a],
      [7, b],
      [5, a],
    ] as const)
      await decide('s', set(to), command);
    expect(await numbers('s')).toEqual([5, 2, -2]);
    const ids = (await readAll(store)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  it('gives the events of one command on two streams ids of their own', async () => {
    const command = given();
    await Promise.all([decide('a', add(1), command), decide('b', add(1), command)]);
    const ids = (await readAll(store)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('keeps a rule when many decide on one stream at once through two connections', async () => {
    const other = await log.second();
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => decide('s', addUpTo(25, 1), given(), n % 2 ? store : other)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof Refusal && reason.code === 'counter.full')).toBe(true);
    expect([refused.length, (await numbers('s')).length]).toEqual([35, 25]);
  });

  it('decides again what lost its race, on what the other recorded', async () => {
    const other = await log.second();
    await decide('s', add(1));
    const append = store.append.bind(store);
    const slow = jest.spyOn(store, 'append').mockImplementationOnce(async (appends) => {
      await decide('s', add(10), given(), other);
      return append(appends);
    });
    const { recorded } = await decide('s', (state) => add(state * 2)(state));
    expect([recorded, slow.mock.calls.length]).toEqual([1, 2]);
    expect(await numbers('s')).toEqual([1, 10, 22]);
  });

  it('says to try again when it loses every race', async () => {
    const lose = async (appends: readonly Append[]) => appends.map(({ stream, expected }) => new RevisionConflict(stream.name, expected, 7));
    jest.spyOn(store, 'append').mockImplementation(lose);
    await expect(decide('s', add(1))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await numbers('s')).toEqual([]);
  });

  it('decides 1,000 commands at once with one read and one append, each on what those before it came to', async () => {
    const append = jest.spyOn(store, 'append');
    const streams = jest.spyOn(store, 'streams');
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, n) => decide(`s-${n % 100}`, (state) => add(state + 1)(state))));
    expect([append.mock.calls.length, streams.mock.calls.length]).toEqual([1, 1]);
    expect(outcomes.every(({ recorded }) => recorded === 1)).toBe(true);
    expect(await numbers('s-99')).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  });

  it('refuses one command without holding back the others', async () => {
    const outcomes = await Promise.allSettled([
      decide('s', addUpTo(10, 6)),
      decide('s', addUpTo(10, 6)),
      decide('s', addUpTo(10, 4)),
      decide('other', addUpTo(10, 1)),
      decide('s', () => {
        throw new TypeError('a bug');
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected']);
    expect([await numbers('s'), await numbers('other')]).toEqual([[6, 4], [1]]);
  });

  it('does not let what cannot be recorded hold back the others, nor decide again what was refused', async () => {
    const refused = jest.fn(() => {
      throw new Refusal('counter.full', 'full');
    });
    const tooLarge = (): readonly Counted[] => [{ type: 'Counted', data: { n: 1, text: 'x'.repeat(MAX_EVENT_BYTES) } }];
    const outcomes = await Promise.allSettled([
      decide('s', add(1)),
      decide('s', tooLarge),
      decide('other', refused),
      decide('other', add(2)),
      decide('s', add(3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect([await numbers('s'), await numbers('other')]).toEqual([[1, 3], [2]]);
    expect(refused).toHaveBeenCalledTimes(1);
  });

  it('records commands given together though their events are too large for one append', async () => {
    const large = (n: number) => (): readonly Counted[] => [{ type: 'Counted', data: { n, text: 'x'.repeat(400_000) } }];
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => decide('s', large(n))));
    expect(outcomes.map(({ recorded }) => recorded)).toEqual([1, 1, 1, 1]);
    expect(await numbers('s')).toEqual([1, 2, 3, 4]);
  });

  it('records nothing of a command whose events could not be read again', async () => {
    const fragile: Decider<number, Counted> = {
      initial: () => 0,
      evolve: (before, { data }) => {
        if (data.n === 13) throw new Error('cannot be read');
        return before + 1;
      },
    };
    const thirteen = () => causedBy(cause, () => store.decide(given(), { name: 's' }, fragile, () => [...add(1)(0), ...add(13)(0)]));
    const [bad, good] = await Promise.allSettled([thirteen(), decide('s', add(2))]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
    expect(await numbers('s')).toEqual([2]);
  });

  it('shows each of two deciders on one stream what the other decided', async () => {
    const counting = (decision: (state: number) => readonly Counted[]) =>
      causedBy(cause, () => store.decide(given(), { name: 's', subject: 'one' }, count, decision));
    await Promise.all([
      decide('s', add(5)),
      counting((many) => add(many * 100)(many)),
      decide('s', (total) => add(total)(total)),
      counting((many) => add(many)(many)),
    ]);
    expect(await numbers('s')).toEqual([5, 100, 105, 3]);
  });

  it('refuses to decide on what a newer release recorded: try again', async () => {
    const newer = await log.second(newerEvents);
    await newer.append([{ stream: { name: 's', subject: 'one' }, expected: 'no_stream', events: [event('Invented', {})] }]);
    const [unknown, known] = await Promise.allSettled([decide('s', add(1)), decide('other', add(1))]);
    expect(unknown).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) });
    expect(known.status).toBe('fulfilled');
  });

  it('records the cause under which each command was given, not the one under which they were written', async () => {
    const by = (who: string) => causedBy({ ...cause, by: who }, () => store.decide(given(), { name: who }, sum, add(1)));
    await Promise.all([by('one'), by('other')]);
    expect(new Map((await readAll(store)).map(({ stream, metadata }) => [stream, metadata.by]))).toEqual(
      new Map([
        ['one', 'one'],
        ['other', 'other'],
      ]),
    );
  });

  it('is asked under a cause, or not at all', () => {
    expect(() => store.decide(given(), { name: 's' }, sum, add(1))).toThrow('causedBy');
  });
}
