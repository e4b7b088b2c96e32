import type { Recorded } from '../../../src/event-store/event.js';
import type { AnyEvent } from '../../../src/timeline/any-event.js';
import { type Draw } from '../../event-values.js';
import { drawn } from '../../every-event.js';

type Type = AnyEvent['type'];
/** The key by which events belong together; undefined for events without one. */
type KeyOf = (event: Recorded) => string | undefined;

/** The fields of an event that depend only on its place in the log. */
interface LogPosition extends Pick<Recorded, 'position' | 'recordedAt' | 'metadata'> {
  readonly instant: string;
}

/** By index, shared by all folds, since creating them takes longer than folding. */
const places: LogPosition[] = [];

function placeOf(at: number): LogPosition {
  places[at] ??= placeAt(at);
  return places[at];
}

function placeAt(at: number): LogPosition {
  const position = String(at).padStart(9, '0');
  const after = (year: number) => new Date(Date.UTC(year, 0, 1) + at * 60_000).toISOString();
  return { position, instant: after(2000), recordedAt: after(2020), metadata: { command: position, correlation: 'test', by: 'test', origin: 'person' } };
}

/**
 * An endless sequence of events that belong together: the types in turn, after one event of each type in `before`. Ids are new or
 * repeated at random, except those of the kinds in `same`.
 */
export function* eventsOf(types: readonly Type[], same: ReadonlySet<string>, key: KeyOf, before: readonly Type[] = []): Generator<Recorded, undefined> {
  let random = 1;
  const below = (limit: number) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % limit;
  };
  const counts = new Map<string, number>();
  let at = 0;
  const draw: Draw = {
    id(kind) {
      if (kind === 'candidate' || same.has(kind)) return `${kind}-0`;
      const count = counts.get(kind) ?? 0;
      if (count > 0 && below(3) === 0) return `${kind}-${below(count)}`;
      counts.set(kind, count + 1);
      return `${kind}-${count}`;
    },
    of: (...values) => {
      const there = values.filter((value) => value !== undefined);
      return there[below(there.length)] as (typeof values)[number];
    },
    instant: () => placeOf(at).instant,
  };
  let first: string | undefined;
  for (;;) {
    const type = at < before.length ? before[at] : types[at % types.length];
    const { position, recordedAt, metadata } = placeOf(at++);
    const event: Recorded = { ...drawn(type as Type, draw), id: position, stream: draw.id('stream'), revision: at, position, recordedAt, metadata };
    const own = key(event);
    first ??= own;
    if (own !== undefined && own === first) yield event;
    else if (at > 10_000_000) throw new Error(`hardly any ${types.join(', ')} belongs together`);
  }
}
