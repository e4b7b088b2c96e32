import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { Appended } from '../../src/event-store/append.js';
import { causedBy } from '../../src/event-store/cause.js';
import { Command } from '../../src/event-store/command.js';
import { commandProviders } from '../../src/event-store/command-providers.js';
import type { Decider, Given } from '../../src/event-store/decider.js';
import type { Event } from '../../src/event-store/event.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { handler } from '../../src/event-store/handler.js';
import { TimeBudget, withTimeBudget } from '../../src/event-store/time-budget.js';
import { KeptEvents } from '../payments/kept-events.js';

type Counted = Event<'Counted', { readonly n: number }>;

const sum: Decider<number, Counted> = { initial: () => 0, evolve: (before, { data }) => before + data.n };

@Injectable()
class Prices {
  asked = 0;

  async of(what: string): Promise<number> {
    this.asked += 1;
    return what.length;
  }
}

class Count extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly what: string,
  ) {
    super();
  }
}

const counting = {
  stream: ({ what }: Count, price: number) => ({ name: `${what}-${price}`, subject: what }),
  decider: sum,
  decide: (before: number, _: Count, price: number): readonly Counted[] => (before >= 2 * price ? [] : [{ type: 'Counted', data: { n: price } }]),
};
const CountHandler = handler(Count, { ...counting, needs: [Prices], facts: ({ what }, prices) => prices.of(what) });
const count = () => new Count({ id: randomUUID(), at: '2026-10-01T01:00:00.000Z' }, 'seats');

describe('A declared command', () => {
  it('A declared command is handled by a provider named after it, which reads the facts and decides on them', async () => {
    const events = new KeptEvents(() => '2026-10-01T01:00:00.000Z');
    const providers = [{ provide: EventStore, useValue: events }, Prices, ...commandProviders([CountHandler])];
    const centre = await NestFactory.createApplicationContext({ module: class Counting {}, imports: [CqrsModule.forRoot()], providers }, { logger: false });
    const give = () => centre.get(CommandBus).execute(count());
    const answers = await causedBy({ by: 'office:test', origin: 'office', correlation: randomUUID() }, () => Promise.all([give(), give(), give()]));
    expect(CountHandler.name).toBe('CountHandler');
    expect(answers.map(({ recorded }) => recorded)).toEqual([1, 1, 0]);
    expect(events.log.map(({ stream, subject, data }) => ({ stream, subject, data }))).toEqual([
      { stream: 'seats-5', subject: 'seats', data: { n: 5 } },
      { stream: 'seats-5', subject: 'seats', data: { n: 5 } },
    ]);
    expect(centre.get(Prices).asked).toBe(3);
    await centre.close();
  });

  it('A declared command waits for another system longer than its time budget for the log', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const Waits = handler(Count, { ...counting, needs: [], facts: () => promise });
    const cause = { by: 'visitor', origin: 'person', correlation: randomUUID() } as const;
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const events = new KeptEvents(() => '2026-10-01T01:00:00.000Z');
    const counted = withTimeBudget(new TimeBudget(100), () => causedBy(cause, () => new Waits(events).execute(count())));
    await jest.advanceTimersByTimeAsync(1_000);
    resolve(5);
    expect(await counted).toMatchObject({ recorded: 1 });
    jest.useRealTimers();
  });
});
