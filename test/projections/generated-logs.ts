import fc from 'fast-check';
import type { Recorded } from '../../src/event-store/event.js';
import type { Projection } from '../../src/read-models/projection.js';
import { type Draw } from '../event-values.js';
import { drawn, everyType } from '../every-event.js';

/** Whatever is handed an event changes nothing in it. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(Object.freeze(value))) frozen(each);
  return value;
}

/** What codes, numbers and instants are drawn from, where the ordinary ones will not do. */
export interface Odd {
  readonly ids?: readonly string[];
  readonly instants?: readonly string[];
}

/** Few values of each kind, so that events are about the same things. */
function drawFrom(number: (below: number) => number, { ids, instants }: Odd): Draw {
  const of: Draw['of'] = (...values) => values[number(values.length)] as (typeof values)[number];
  return {
    of,
    id: (kind) => (ids ? of(...ids) : `${kind}-${number(3)}`),
    instant: () => (instants ? of(...instants) : new Date(Date.UTC(2026, 9, 1) + number(5_000_000) * 1_000).toISOString()),
  };
}

/** Logs of events that a projection handles: of some of their types, so that some logs repeat a few of them often. */
export function logsFor({ on }: Projection, odd: Odd = {}) {
  const numbers = fc.infiniteStream(fc.nat({ max: 9_999_999 }));
  return fc
    .subarray(
      everyType.filter((type) => type in on),
      { minLength: 1 },
    )
    .chain((types) => fc.array(fc.tuple(fc.constantFrom(...types), numbers), { minLength: 1, maxLength: 120, size: 'max' }))
    .map((drawings) =>
      drawings.map(([type, each], at) =>
        recorded(
          type,
          drawFrom((below) => (each.next().value as number) % below, odd),
          at,
        ),
      ),
    );
}

function recorded(type: (typeof everyType)[number], draw: Draw, at: number): Recorded {
  return {
    ...frozen(drawn(type, draw)),
    id: `event-${at}`,
    stream: `stream-${at % 4}`,
    revision: at,
    position: String(at).padStart(4, '0'),
    recordedAt: draw.instant(),
    metadata: { command: `command-${at}`, correlation: 'test', by: draw.id('person'), origin: draw.of('import', 'person') },
  };
}
