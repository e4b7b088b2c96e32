import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type Append, MAX_EVENT_BYTES, RevisionConflict } from '../../src/event-store/append.js';
import { type Cause, causedBy } from '../../src/event-store/cause.js';
import type { Decider, Given } from '../../src/event-store/decider.js';
import { type Event, START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import type { Open, OpenedLog } from './opened-log.js';
import { numbersOf, readAll } from './test-events.js';

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

  const given = (id: string = randomUUID(), assertsState = false): { readonly given: Given } => ({
    given: { id, at: '2026-10-01T01:00:00.000Z', assertsState },
  });
  const decide = (name: string, decision: (state: number) => readonly Counted[], command = given(), through = store) =>
    causedBy(cause, () => through.decide(command, { name, subject: 'one' }, sum, decision));
  const numbers = async (name: string) => numbersOf((await store.streams([name]))[0] ?? []);

  it('The event store records what is decided on the stream’s state, with its cause', async () => {
    await decide('s', add(2));
    const command = given();
    const appended = await decide('s', (state) => add(state * 10)(state), command);
    expect(appended).toEqual({ position: await store.head(), recorded: 1 });
    const [[, second] = []] = await store.streams(['s']);
    expect(second).toMatchObject({ data: { n: 20 }, subject: 'one', metadata: { ...cause, command: command.given.id } });
  });

  it('The event store records the subject of a stream, also when a later or concurrent command omits it', async () => {
    const unsaid = (n: number) => causedBy(cause, () => store.decide(given(), { name: 's' }, sum, add(n)));
    await Promise.all([unsaid(1), decide('s', add(2))]);
    await unsaid(3);
    expect((await readAll(store)).map(({ subject }) => subject)).toEqual(['one', 'one', 'one']);
  });

  it('The event store reports the outcome of an append without an answer: recorded, or never to be recorded', async () => {
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

  it('The event store records nothing when the decision has no events, and returns the stream’s end', async () => {
    expect(await decide('s', () => [])).toEqual({ position: START, recorded: 0 });
    const { position } = await decide('s', add(1));
    await decide('other', add(1));
    expect(await decide('s', () => [])).toEqual({ position, recorded: 0 });
  });

  it('The event store prepares what a command records once that is decided, and records nothing where that fails', async () => {
    const prepared: string[] = [];
    const prepares = (name: string, decision: (state: number) => readonly Counted[], fails = false) =>
      causedBy(cause, () =>
        store.decide(given(), { name: 's', subject: 'one' }, sum, decision, async () => {
          prepared.push(name);
          expect(await numbers('s')).not.toContain(8);
          if (fails) throw new Error('no space left');
        }),
      );
    await decide('s', add(1));
    await expect(prepares('refused', addUpTo(1, 1))).rejects.toThrow(Refusal);
    await prepares('nothing', () => []);
    expect(prepared).toEqual([]);
    const outcomes = await Promise.allSettled([
      prepares('first', add(2)),
      prepares('failing', add(4), true),
      prepares('last', add(8)),
      decide('other', add(1)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(new Set(prepared)).toEqual(new Set(['first', 'failing', 'last']));
    expect([await numbers('s'), await numbers('other')]).toEqual([[1, 2, 8], [1]]);
  });

  it('The event store refuses a command that would restore what later events replaced where it asks for that, and records it where it does not', async () => {
    const row = (id: string, n: number, refusesRevert: boolean) => {
      const change = (state: number): readonly Counted[] => (state === n ? [] : add(n - state)(state));
      return decide('s', change, { given: { ...given(id, true).given, refusesRevert } });
    };
    const [five, six] = [randomUUID(), randomUUID()];
    await row(five, 5, true);
    await expect(row(five, 5, true)).resolves.toMatchObject({ recorded: 0 }); // nothing has replaced it
    await row(six, 6, true);
    await expect(row(five, 5, true)).rejects.toMatchObject({ code: 'command.reverts' });
    await expect(row(six, 6, true)).resolves.toMatchObject({ recorded: 0 });
    expect(await row(five, 5, false)).toMatchObject({ recorded: 1 });
    expect(await numbers('s')).toEqual([5, 1, -1]);
  });

  it('The event store records a repeated command once, in the same batch or later, and returns the stream’s end', async () => {
    const command = given();
    const once = await Promise.all([decide('s', add(1), command), decide('s', add(1), command)]);
    expect(once.map(({ recorded }) => recorded)).toEqual([1, 0]);
    const { position } = await decide('s', add(2));
    store = await log.reopen();
    expect(await decide('s', add(1), command)).toEqual({ position, recorded: 0 });
    expect(await numbers('s')).toEqual([1, 2]);
  });

  it('The event store decides a command that asserts a state by the state, however often it is repeated', async () => {
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

  it('The event store gives the events of one command on two streams different ids', async () => {
    const command = given();
    await Promise.all([decide('a', add(1), command), decide('b', add(1), command)]);
    const ids = (await readAll(store)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('The event store upholds a rule when many commands are decided on one stream at once through two connections', async () => {
    const other = await log.second();
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => decide('s', addUpTo(25, 1), given(), n % 2 ? store : other)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof Refusal && reason.code === 'counter.full')).toBe(true);
    expect([refused.length, (await numbers('s')).length]).toEqual([35, 25]);
  });

  it('The event store decides again after a revision conflict, on the events of the other writer', async () => {
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

  it('The event store is unavailable when every attempt ends in a revision conflict', async () => {
    const lose = async (appends: readonly Append[]) => appends.map(({ stream, expected }) => new RevisionConflict(stream.name, expected, 7));
    jest.spyOn(store, 'append').mockImplementation(lose);
    await expect(decide('s', add(1))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await numbers('s')).toEqual([]);
  });

  it('The event store decides 1,000 commands at once with one read and one append, each on the state after those before it', async () => {
    const append = jest.spyOn(store, 'append');
    const streams = jest.spyOn(store, 'streams');
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, n) => decide(`s-${n % 100}`, (state) => add(state + 1)(state))));
    expect([append.mock.calls.length, streams.mock.calls.length]).toEqual([1, 1]);
    expect(outcomes.every(({ recorded }) => recorded === 1)).toBe(true);
    expect(await numbers('s-99')).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  });

  it('The event store refuses one command and records the others of its batch', async () => {
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

  it('The event store records the other commands when one cannot be recorded, and does not decide refused ones again', async () => {
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

  it('The event store records commands of one batch separately when their events are too large for one append', async () => {
    const large = (n: number) => (): readonly Counted[] => [{ type: 'Counted', data: { n, text: 'x'.repeat(400_000) } }];
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) => decide('s', large(n))));
    expect(outcomes.map(({ recorded }) => recorded)).toEqual([1, 1, 1, 1]);
    expect(await numbers('s')).toEqual([1, 2, 3, 4]);
  });

  it('The event store records nothing of a command whose events cannot be folded', async () => {
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

  it('The event store lets two deciders on one stream see each other’s events', async () => {
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

  it('The event store records the cause under which each command was given, not that of the batch', async () => {
    const by = (who: string) => causedBy({ ...cause, by: who }, () => store.decide(given(), { name: who }, sum, add(1)));
    await Promise.all([by('one'), by('other')]);
    expect(new Map((await readAll(store)).map(({ stream, metadata }) => [stream, metadata.by]))).toEqual(
      new Map([
        ['one', 'one'],
        ['other', 'other'],
      ]),
    );
  });

  it('The event store throws when a command is given without a cause', () => {
    expect(() => store.decide(given(), { name: 's' }, sum, add(1))).toThrow('causedBy');
  });
}
