import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Append, RevisionConflict, Written } from '../../src/event-store/append.js';
import { type Cause, causedBy, currentAppends } from '../../src/event-store/cause.js';
import type { Decider } from '../../src/event-store/decider.js';
import type { Event, Recorded } from '../../src/event-store/event.js';
import type { RequestAppends } from '../../src/event-store/request-appends.js';
import { TimeBudget, withTimeBudget } from '../../src/event-store/time-budget.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { KeptEvents } from '../payments/kept-events.js';
import { until } from '../until.js';

type Counted = Event<'Counted', { readonly n: number }>;

const sum: Decider<number, Counted> = { initial: () => 0, evolve: (before, { data }) => before + data.n };
const cause: Cause = { correlation: randomUUID(), by: 'candidate-1', origin: 'person' };
const PATIENCE = 50;
const inRequest = <T>(work: () => T) => withTimeBudget(new TimeBudget(PATIENCE), work);

/** A log whose failed appends may still be recorded, like one on another machine. */
class HangingEvents extends KeptEvents {
  override readonly failedAppendsAreFinal: boolean;
  /** Resolved to let reads or appends continue. */
  reads = Promise.resolve();
  appends = Promise.resolve();
  asked = 0;

  constructor(isSettled = false) {
    super(() => '2026-10-01T01:00:00.000Z');
    this.failedAppendsAreFinal = isSettled;
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    this.asked += 1;
    await this.reads;
    return super.streams(names);
  }

  override async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    await this.appends;
    return super.append(appends);
  }
}

describe('While the log hangs, a command of a page', () => {
  let events: HangingEvents;
  beforeEach(() => {
    events = new HangingEvents();
  });

  /** Gives a command and returns the appends of its request. */
  const give = (stream: string, run: typeof inRequest = inRequest) => {
    let sending: RequestAppends | undefined;
    const decide = () => {
      sending = currentAppends();
      return events.decide({ given: { id: randomUUID(), at: '2026-10-01T01:00:00.000Z' } }, { name: stream }, sum, () => [{ type: 'Counted', data: { n: 1 } }]);
    };
    const answer = run(() => causedBy(cause, decide));
    return { answer, sending: sending as RequestAppends };
  };

  it('While the log hangs, a command of a page is answered in time even when it waits for earlier commands, and is never sent then', async () => {
    const reads = Promise.withResolvers<void>();
    events.reads = reads.promise;
    const first = give('a');
    await until('the first is being read for', () => events.asked === 1);
    const second = give('b');
    await expect(first.answer).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(second.answer).rejects.toBeInstanceOf(StoreUnavailable);
    expect([first.sending.recordedNothing, second.sending.recordedNothing, events.asked]).toEqual([true, true, 1]);
    reads.resolve();
    await until('nobody is waited for', () => events.pendingCommands === 0);
    expect(await give('c').answer).toMatchObject({ recorded: 1 });
    expect(events.log.map(({ stream }) => stream)).toEqual(['c']);
  });

  it('While the log hangs, a command of a page is answered in time when it was sent already, reports so, and learns the result later', async () => {
    const appends = Promise.withResolvers<void>();
    events.appends = appends.promise;
    const { answer, sending } = give('a');
    await expect(answer).rejects.toBeInstanceOf(StoreUnavailable);
    expect([sending.unanswered.length, sending.hasRecorded]).toEqual([1, false]);
    appends.resolve();
    await until('the log has answered', () => sending.hasRecorded);
    expect([sending.unanswered, events.log.length]).toEqual([[], 1]);
  });

  it('While the log hangs, a command of a page is not sent again after its time budget when its append fails', async () => {
    const appends = Promise.withResolvers<void>();
    events.appends = appends.promise;
    const append = jest.spyOn(events, 'append');
    const commands = [give('a'), give('b')];
    await Promise.all(commands.map(({ answer }) => expect(answer).rejects.toBeInstanceOf(StoreUnavailable)));
    appends.reject(new Error('one of them cannot be recorded'));
    await until('nobody is waited for', () => events.pendingCommands === 0);
    expect([append.mock.calls.length, events.log.length]).toEqual([1, 0]);
  });

  it('While the log hangs, a command of a page waits for an append that ends by itself, whose outcome is then known', async () => {
    events = new HangingEvents(true);
    const appends = Promise.withResolvers<void>();
    events.appends = appends.promise;
    const { answer } = give('a');
    const later = give('b');
    await until('both were handed over', () => later.sending.unanswered.length === 1);
    await expect(give('c').answer).rejects.toBeInstanceOf(StoreUnavailable); // its time is up after theirs
    appends.resolve();
    expect([await answer, await later.answer]).toMatchObject([{ recorded: 1 }, { recorded: 1 }]);
  });

  it('While the log hangs, a command of a page does not time out by the budget of another request in its batch', async () => {
    const reads = Promise.withResolvers<void>();
    events.reads = reads.promise;
    const first = give('a');
    const patient = give('b', (work) => work()).answer;
    await expect(first.answer).rejects.toBeInstanceOf(StoreUnavailable);
    reads.resolve();
    expect(await patient).toMatchObject({ recorded: 1 });
    expect(events.log.map(({ stream }) => stream)).toEqual(['b']);
  });

  it('While the log hangs, a command has no time limit outside requests', async () => {
    const reads = Promise.withResolvers<void>();
    events.reads = reads.promise;
    const patient = give('a', (work) => work()).answer;
    await expect(give('b').answer).rejects.toBeInstanceOf(StoreUnavailable);
    reads.resolve();
    expect(await patient).toMatchObject({ recorded: 1 });
  });
});
