import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type Decider, evolved, type Given } from '../src/event-store/decider.js';
import type { Event, Recorded } from '../src/event-store/event.js';
import { DocumentFold } from '../src/read-models/projecting/fold-document.js';
import type { Projection } from '../src/read-models/projection.js';

/** For commands whose rules depend neither on the id nor on the time. */
export const anyGiven: Given = { id: '7f1d6a52-2f3a-4c56-9d64-0d0b7c1c7a55', at: '2026-10-01T01:00:00.000Z', assertsState: true };

/** The events of commands in their order, each decided after those before it, as JSON as a log holds them. */
export function decided<State, E extends Event, Command>(
  decider: Decider<State, E>,
  decide: (state: State, command: Command) => readonly E[],
  commands: readonly Command[],
): E[] {
  const events: E[] = [];
  for (const command of commands) {
    const state = evolved(decider, events);
    events.push(...(JSON.parse(JSON.stringify(decide(state, command))) as E[]));
  }
  return events;
}

const recording = {
  stream: 'stream',
  recordedAt: anyGiven.at,
  metadata: { command: anyGiven.id, correlation: anyGiven.id, by: 'import', origin: 'import' },
} as const;

/** The document projected from events, all recorded at one time by an import; undefined when there is none. */
export function documentOf<Document, E extends Event, State>(projection: Projection<Document, E, State>, events: readonly Event[]): Document | undefined {
  const recorded = events.map((event, at): Recorded => ({ ...recording, ...event, id: `event-${at}`, revision: at, position: String(at).padStart(8, '0') }));
  const fold = new DocumentFold(projection as Projection, undefined);
  for (const event of recorded) if (event.type in projection.on) fold.apply(event);
  if (fold.fault) throw new Error(fold.fault.error);
  return (fold.close().after?.document ?? undefined) as Document | undefined;
}

interface LastRecordedWins<State, E extends Event, Command> {
  readonly decider: Decider<State, E>;
  readonly decide: (state: State, command: Command) => readonly E[];
  readonly commands: fc.Arbitrary<Command>;
  /** What a page shows of these events. */
  readonly shown: (events: readonly E[]) => unknown;
}

/**
 * For any commands that record the state of one thing: the last one decides as if there had been no other, and repeated it records
 * nothing.
 */
export function lastRecordedWins<State, E extends Event, Command>({ decider, decide, commands, shown }: LastRecordedWins<State, E, Command>): void {
  fc.assert(
    fc.property(fc.array(commands, { minLength: 1, maxLength: 6 }), (said) => {
      const last = said.at(-1) as Command;
      const events = decided(decider, decide, said);
      expect(decided(decider, decide, [...said, last])).toEqual(events);
      expect(shown(events)).toEqual(shown(decided(decider, decide, [last])));
    }),
  );
}
