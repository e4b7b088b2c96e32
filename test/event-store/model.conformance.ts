import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Append, type Revision, RevisionConflict, type Written } from '../../src/event-store/append.js';
import { type Position, START } from '../../src/event-store/event.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import type { Open } from './opened-log.js';
import { event, readAll } from './test-events.js';

const NAMES = ['bill-1', 'billing-1', 'bill_2'] as const;
const TYPES = ['Tested', 'Counted'] as const;

/** An abstract append, which is resolved against the present state of the log. */
interface Attempt {
  readonly stream: number;
  readonly says:
    | 'next'
    | 'a revision that has passed'
    | 'a revision to come'
    | 'an earlier append again'
    | 'half an earlier append and more'
    | 'old ids at the next revision';
  readonly events: number;
  /** Which of the earlier events, or by how much the revision is wrong. */
  readonly pick: number;
}

type Step = { readonly connection: 0 | 1; readonly attempts: readonly Attempt[] } | 'restart';

const attempt: fc.Arbitrary<Attempt> = fc.record({
  stream: fc.nat({ max: NAMES.length - 1 }),
  says: fc.constantFrom<Attempt['says'][]>(
    'next',
    'next',
    'a revision that has passed',
    'a revision to come',
    'an earlier append again',
    'half an earlier append and more',
    'old ids at the next revision',
  ),
  events: fc.nat({ max: 3 }),
  pick: fc.nat({ max: 50 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ connection: fc.constantFrom(0 as const, 1 as const), attempts: fc.array(attempt, { minLength: 1, maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
);

interface Kept {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: object;
  /** The call that recorded it: events of one call to different streams may be in any order. */
  readonly call: number;
}

/** The simplest model of a log. */
class Model {
  readonly log: Kept[] = [];
  /** The event at each position that was returned. */
  readonly answered = new Map<Position, Kept | undefined>();
  private readonly earlier: Append[] = [];
  private made = 0;
  private calls = 0;

  /** Begins a new call. */
  nextCall(): void {
    this.calls += 1;
  }

  of(name: string): readonly Kept[] {
    return this.log.filter(({ stream }) => stream === name);
  }

  append({ stream, expected, events }: Append): { readonly revision: number; readonly event: Kept | undefined } | { readonly actual: Revision } {
    const there = this.of(stream.name);
    const actual = there.length - 1;
    const before = expected === 'no_stream' ? -1 : expected;
    if (before === actual) {
      const added = events.map(({ id, type, data }, at) => ({ stream: stream.name, revision: actual + 1 + at, id, type, data, call: this.calls }));
      this.log.push(...added);
      return { revision: actual + events.length, event: added.at(-1) ?? there.at(-1) };
    }
    const known = events.map(({ id }, at) => there.find((kept) => kept.revision === before + 1 + at && kept.id === id));
    if (events.length > 0 && known.every((kept) => kept)) return { revision: before + events.length, event: known.at(-1) };
    return { actual: actual < 0 ? 'no_stream' : actual };
  }

  /** Resolves an abstract append against the present state. */
  meant({ stream: which, says, events: many, pick }: Attempt): Append {
    const name = NAMES[which] as string;
    const stream = { name, subject: `subject of ${name}` };
    const actual = this.of(name).length - 1;
    const next: Revision = actual < 0 ? 'no_stream' : actual;
    const fresh = Array.from({ length: many }, () => this.fresh());
    const mine = this.earlier.filter((append) => append.stream.name === name && append.events.length > 0);
    const earlier = mine[pick % Math.max(1, mine.length)];
    const again = (earlier?.events ?? []).map(({ id }) => event('Tested', { other: 'data' }, id));
    const append = ((): Append => {
      switch (says) {
        case 'next':
          return { stream, expected: next, events: fresh };
        case 'a revision that has passed':
          return { stream, expected: pick % 2 || actual < 1 ? 'no_stream' : pick % actual, events: fresh };
        case 'a revision to come':
          return { stream, expected: actual + 1 + (pick % 3), events: fresh };
        case 'an earlier append again':
          return { stream, expected: earlier?.expected ?? next, events: again };
        case 'half an earlier append and more':
          return { stream, expected: earlier?.expected ?? next, events: [...again, this.fresh()] };
        case 'old ids at the next revision':
          return { stream, expected: next, events: again };
      }
    })();
    this.earlier.push(append);
    return append;
  }

  private fresh() {
    const n = ++this.made;
    return event(TYPES[n % 2] as string, { n }, `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`);
  }
}

/** Compares any appends, through two connections and over restarts, with the model. */
export function agreesWithModel(open: Open): void {
  it('The event store agrees with a simple model on any appends, valid, invalid or repeated, through two connections and over restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const log = await open();
        try {
          const model = new Model();
          let stores: readonly [EventStore, EventStore] = [log.store, await log.second()];
          for (const what of steps) {
            if (what === 'restart') stores = [await log.reopen(), await log.second()];
            else await attemptAll(what.attempts, stores[what.connection], model);
          }
          for (const store of stores) await sameAs(model, store);
        } finally {
          await log.close();
        }
      }),
      { numRuns: 60 },
    );
  });
}

/** Resolves the appends of one call, each after those before it, as the model does. */
async function attemptAll(attempts: readonly Attempt[], store: EventStore, model: Model): Promise<void> {
  const answers: ReturnType<Model['append']>[] = [];
  model.nextCall();
  const appends = attempts.map((words) => {
    const append = model.meant(words);
    answers.push(model.append(append));
    return append;
  });
  const got = await store.append(appends);
  got.forEach((answer, at) => {
    const wanted = answers[at] as ReturnType<Model['append']>;
    if (answer instanceof RevisionConflict) expect({ actual: answer.actual }).toEqual(wanted);
    else {
      expect({ revision: answer.revision }).toEqual({ revision: 'event' in wanted ? wanted.revision : 'a lost race' });
      if ('event' in wanted) remember(model, answer, wanted.event);
    }
  });
}

function remember(model: Model, { position }: Written, kept: Kept | undefined): void {
  if (kept) model.answered.set(position, kept);
  else expect(position).toBe(START);
}

async function sameAs(model: Model, store: EventStore): Promise<void> {
  const events = await readAll(store, undefined, 7);
  const found = (stream: string, revision: number) => model.log.find((kept) => kept.stream === stream && kept.revision === revision);
  const kept = events.map((event) => found(event.stream, event.revision));
  expect(events.map(({ stream, revision, id, type, data }, at) => ({ stream, revision, id, type, data, call: kept[at]?.call }))).toEqual(kept);
  expect(new Set(kept).size).toBe(model.log.length);
  expect(kept.map((each) => each?.call)).toEqual(model.log.map(({ call }) => call));
  expect(events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toSorted());
  expect(await store.head()).toBe(events.at(-1)?.position ?? START);
  for (const [position, event] of model.answered) expect(kept[events.findIndex((each) => each.position === position)]).toEqual(event);
  expect(await store.streams(NAMES)).toEqual(NAMES.map((name) => events.filter(({ stream }) => stream === name)));
  for (const name of NAMES) expect(events.filter(({ stream }) => stream === name).map(({ revision }) => revision)).toEqual(model.of(name).map((_, at) => at));
  for (const name of NAMES) expect(await store.subject(`subject of ${name}`)).toEqual(events.filter(({ stream }) => stream === name));
  for (const type of TYPES) expect(await readAll(store, { types: [type] }, 2)).toEqual(events.filter((each) => each.type === type));
  for (const prefix of ['bill-', 'bill']) expect(await readAll(store, { prefix }, 2)).toEqual(events.filter(({ stream }) => stream.startsWith(prefix)));
}
