import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectionsFor } from '../../../src/composition/known/projections.js';
import type { Decider } from '../../../src/event-store/decider.js';
import type { Event, Recorded } from '../../../src/event-store/event.js';
import { DocumentFold } from '../../../src/read-models/projecting/fold-document.js';
import { bySubject, nameOf, type Projection } from '../../../src/read-models/projection.js';
import type { AnyEvent } from '../../../src/timeline/any-event.js';
import { type Draw } from '../../event-values.js';
import { drawn, everyType } from '../../every-event.js';
import { CountedWork, TooMuchWork } from './counted-work.js';
import { eventsOf } from './events-of.js';

const ROOT = new URL('../../../', import.meta.url);

type Type = AnyEvent['type'];

/** A projection or a decider, into which events are folded. */
interface Folded {
  readonly name: string;
  readonly types: readonly Type[];
  /** The key by which events belong together; undefined for events without one. */
  key(event: Recorded): string | undefined;
  /** Folds events into the initial state. */
  fold(events: Iterable<Recorded>, work: CountedWork): void;
}

/** Events of one type, or of two in turn: the work of an early block, after limited lists are full, is compared with that of a later one. */
const BLOCK = 100;
const WARMED_UP = 150;
const LATER = 800;
/** How many times the work of the early block the later one may take; random ids cause some variation. */
const MOST_LATER = 2.5;
/** Events of all types in turn: four times as many may take at most six times the work. */
const MANY = 5_000;
const GROWTH = 4;
const MOST_TIMES = 6;
/** With how many other types each type is tested. */
const OTHERS = 3;
/** With more types than this, each is tested alone and with the next one. */
const MANY_TYPES = 20;

/** Every projection of this release; new ones are included automatically. */
const projections = projectionsFor({ EVENT_STORE_URL: 'esdb://127.0.0.1:2113' }).map(foldedBy);

/** Every decider of this release, found by its file. */
const deciders = (
  await Promise.all(
    globSync('src/**/*.decider.ts', { cwd: ROOT }).map(async (file) => {
      const declared: Readonly<Record<string, unknown>> = await import(`../../../${file.replace(/\.ts$/, '.js')}`);
      const types = await typesOf(file.split('/').slice(0, 2).join('/'));
      return Object.values(declared)
        .filter(isDecider)
        .map((decider) => decidedBy(basename(file), decider, types));
    }),
  )
).flat();

function isDecider(value: unknown): value is Decider<unknown, Event> {
  return typeof value === 'object' && value !== null && 'initial' in value && 'evolve' in value;
}

/** The event types that a module declares. */
async function typesOf(folder: string): Promise<readonly Type[]> {
  const declared = await Promise.all(globSync(`${folder}/**/*.events.ts`, { cwd: ROOT }).map((file) => import(`../../../${file.replace(/\.ts$/, '.js')}`)));
  const names = new Set(
    declared.flatMap((module) => Object.entries(module as object).flatMap(([name, value]) => (name.endsWith('Events') ? Object.keys(value as object) : []))),
  );
  return everyType.filter((type) => names.has(type));
}

function decidedBy(file: string, decider: Decider<unknown, Event>, types: readonly Type[]): Folded {
  return {
    name: file,
    types: handledBy(decider, types),
    key: () => '',
    fold(told, work) {
      let state = decider.initial();
      for (const event of told) state = decider.evolve(work.watched(state), event);
    },
  };
}

/** A decider of a single type does not read the type: then it is the type whose data lacks the fewest fields that it reads. */
function handledBy(decider: Decider<unknown, Event>, types: readonly Type[]): readonly Type[] {
  const taken = types.map((type) => ({ type, ...triedOn(decider, type) })).filter(({ isTaken }) => isTaken);
  const least = Math.min(...taken.map(({ lacks }) => lacks));
  return taken.filter(({ asksForType, lacks }) => asksForType || lacks === least).map(({ type }) => type);
}

/** Whether it accepts an event of the type, whether it reads the type, and how many fields it reads that the event lacks. */
function triedOn(decider: Decider<unknown, Event>, type: Type) {
  const event = sampleOf(type);
  const read = new Set<string | symbol>();
  const noting = <Value extends object>(value: Value) =>
    new Proxy(value, {
      get(target, field) {
        read.add(field);
        return Reflect.get(target, field);
      },
    });
  const state = decider.evolve(decider.initial(), noting({ ...event, data: noting(event.data as object) }));
  const lacks = [...read].filter((field) => !(field in event) && !(field in (event.data as object))).length;
  return { isTaken: state !== undefined, asksForType: read.has('type'), lacks };
}

function sampleOf(type: Type): Recorded {
  return eventsOf([type], new Set(), () => '').next().value as Recorded;
}

/** An event that a handler refuses changes nothing, and the fold continues. */
function foldedBy(projection: Projection): Folded {
  const { on, indexes } = projection;
  return {
    name: nameOf(projection),
    types: everyType.filter((type) => type in on && (projection.key !== bySubject || sampleOf(type).subject !== undefined)),
    key: (event) => projection.key(event),
    fold(told, work) {
      const handle = (handler: (state: unknown, event: Recorded) => unknown) => (before: unknown, event: Recorded) => {
        try {
          return handler(work.watched(before), event);
        } catch (error) {
          if (error instanceof TooMuchWork) throw error;
          return before;
        }
      };
      const watched: Projection = {
        ...projection,
        on: Object.fromEntries(
          Object.entries(on as Record<string, (state: unknown, event: Recorded) => unknown>).map(([type, handler]) => [type, handle(handler)]),
        ),
        indexes: Object.fromEntries(Object.entries(indexes ?? {}).map(([name, index]) => [name, (document: unknown) => index(work.watched(document))])),
      };
      const fold = new DocumentFold(watched, undefined);
      for (const event of told) {
        fold.apply(event);
        if (fold.fault) throw new TooMuchWork(fold.fault.error);
      }
      const { fault } = fold.close();
      if (fault) throw new TooMuchWork(fault.error);
    },
  };
}

function* firstOf(count: number, told: Iterator<Recorded>): Generator<Recorded> {
  for (let left = count; left > 0; left--) yield told.next().value;
}

/**
 * Folds `count` events. Before each and after the last, `note` gets its number and the work counted so far, to which each event adds one.
 */
function foldCounted(
  { types: all, key, fold }: Folded,
  types: readonly Type[],
  same: ReadonlySet<string>,
  count: number,
  note: (at: number, work: CountedWork, counted: number) => void,
): void {
  const others = all.filter((type) => !types.includes(type));
  const told = eventsOf(types, same, key, [...others, ...others]);
  const work = new CountedWork();
  function* noted() {
    for (let at = 0; at <= count; at++) {
      note(at, work, at + work.count);
      if (at < count) yield told.next().value as Recorded;
    }
  }
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // the stacks of refusals are not read, and take longer than folding
  try {
    fold(noted(), work);
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The work of a later block of events divided by that of an early block. */
function laterWork(folded: Folded, types: readonly Type[], same: ReadonlySet<string>): number {
  const counts: number[] = [];
  foldCounted(folded, types, same, LATER + BLOCK + 1, (at, work, counted) => {
    const isEdge = [WARMED_UP, LATER].some((from) => at === from || at === from + BLOCK);
    if (isEdge) counts.push(counted);
    work.counts = [WARMED_UP, LATER].some((from) => at >= from && at < from + BLOCK);
  });
  const [earlier, afterEarlier, later, afterLater] = counts.map(Number);
  return (Number(afterLater) - Number(later)) / (Number(afterEarlier) - Number(earlier));
}

/** Kinds that only describe other things. */
const DESCRIBING: ReadonlySet<string> = new Set(['name', 'body', 'digest', 'sealed', 'photo', 'code', 'site', 'person']);

/** The kinds of ids in events of these types. */
function kindsOf(types: readonly Type[]): readonly string[] {
  const kinds = new Set<string>();
  const note: Draw = {
    id(kind) {
      if (kind !== 'candidate' && !DESCRIBING.has(kind)) kinds.add(kind);
      return kind;
    },
    of: (...values) => values.at(-1) as (typeof values)[number],
    instant: () => '2026-11-22T00:00:00.000Z',
  };
  for (const type of types) drawn(type, note);
  return [...kinds];
}

/** The kinds of which all events have the same id, by which events belong together; undefined for none. */
function variantsOf({ types, key }: Folded): readonly ReadonlySet<string>[] {
  const kinds = kindsOf(types).map((kind) => new Set([kind]));
  return [new Set<string>(), ...kinds].filter((same) => {
    const [first, ...others] = [
      ...firstOf(
        100,
        eventsOf(types, same, () => ''),
      ),
    ].map(key);
    return others.filter((other) => other === first).length > 10;
  });
}

/** The kinds that matter to events of these types. */
function variantsFor(types: readonly Type[], variants: readonly ReadonlySet<string>[]): readonly ReadonlySet<string>[] {
  const kinds = kindsOf(types);
  const differing = variants.filter((same) => same.size === 0 || kinds.some((kind) => same.has(kind)));
  return differing.length > 0 ? differing : variants.slice(0, 1);
}

/** Each type alone, and with some that are declared after it. */
function groupsOf(types: readonly Type[]): readonly (readonly Type[])[] {
  const others = Math.min(types.length > MANY_TYPES ? 1 : OTHERS, types.length - 1);
  const pairs = types.flatMap((type, at) => Array.from({ length: others }, (_, next) => [type, types[(at + 1 + next) % types.length] as Type]));
  return [...types.map((type) => [type]), ...pairs];
}

/** Whether each event is a document of its own, however alike events are: nothing is folded into it. */
function isOfOneEvent({ types, key }: Folded): boolean {
  const every = new Set(kindsOf(types));
  const keys = [
    ...firstOf(
      100,
      eventsOf(types, every, () => ''),
    ),
  ].map(key);
  return new Set(keys).size === keys.length;
}

const folds = [...deciders, ...projections];

it('Only a viewing is a document of one event, into which nothing is folded', () =>
  expect(folds.filter(isOfOneEvent).map(({ name }) => name)).toEqual(['viewings@1']));

it('The deciders of this release are found by their files', () => expect(deciders.length).toBeGreaterThan(15));

describe.each(folds.filter((folded) => !isOfOneEvent(folded)))('Folding events into $name', (folded) => {
  const { types } = folded;
  const variants = variantsOf(folded).slice(0, types.length > MANY_TYPES ? 1 : undefined);

  it('Folding events takes no more work for an event after many events, for any type and any two types', () => {
    expect({ types: types.length > 0, variants: variants.length > 0 }).toEqual({ types: true, variants: true });
    const found: string[] = [];
    for (const group of groupsOf(types)) {
      for (const same of variantsFor(group, variants)) {
        const times = laterWork(folded, group, same);
        if (times > MOST_LATER) found.push(`${group.join(' and ')}${same.size > 0 ? `, of one ${[...same].join()}` : ''}: ${times.toFixed(1)} times`);
      }
    }
    expect(found).toEqual([]);
  });

  it('Folding events takes for 20,000 events of all types at most six times the work of 5,000', () => {
    const [same] = variants;
    if (!same) throw new Error('no events belong together');
    let few = 0;
    let many = Number.POSITIVE_INFINITY;
    foldCounted(folded, types, same, MANY * GROWTH, (at, work, counted) => {
      if (at === MANY) {
        few = counted;
        work.limit = work.count * (MOST_TIMES + 1); // so that a slow fold ends soon
      }
      if (at === MANY * GROWTH) many = counted;
    });
    expect(many / few).toBeLessThanOrEqual(MOST_TIMES);
  });
});
