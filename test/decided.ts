import { expect } from '@jest/globals';
import fc from 'fast-check';
import { type Decider, evolved, type Given } from '../src/event-store/decider.js';
import type { Event, Recorded } from '../src/event-store/event.js';
import { DocumentFold } from '../src/read-models/projecting/fold-document.js';
import type { Projection } from '../src/read-models/projection.js';

/** What every command of these tests carries: their rules ask neither for its id nor for its time. */
export const someTime: Given = { id: '7f1d6a52-2f3a-4c56-9d64-0d0b7c1c7a55', at: '2026-10-01T01:00:00.000Z', assertsState: true };

/** What commands in their order come to, each decided on what those before it came to, as a log would hold it. */
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
  recordedAt: someTime.at,
  metadata: { command: someTime.id, correlation: someTime.id, by: 'import', origin: 'import' },
} as const;

/** The document that events come to, all recorded at one time by an import; undefined when they leave none. */
export function documentOf<Document, E extends Event, State>(projection: Projection<Document, E, State>, events: readonly Event[]): Document | undefined {
  const recorded = events.map((event, at): Recorded => ({ ...recording, ...event, id: `event-${at}`, revision: at, position: String(at).padStart(8, '0') }));
  const fold = new DocumentFold(projection as Projection, undefined);
  for (const event of recorded) if (event.type in projection.on) fold.apply(event);
  if (fold.fault) throw new Error(fold.fault.error);
  return (fold.close().after?.document ?? undefined) as Document | undefined;
}

interface LastSays<State, E extends Event, Command> {
  readonly decider: Decider<State, E>;
  readonly decide: (state: State, command: Command) => readonly E[];
  readonly commands: fc.Arbitrary<Command>;
  /** What a page would show of these events. */
  readonly shown: (events: readonly E[]) => unknown;
}

/**
 * For any commands that say what holds, about one thing: the last one holds as if none had been before it, and said once
 * more it records nothing.
 */
export function lastSays<State, E extends Event, Command>({ decider, decide, commands, shown }: LastSays<State, E, Command>): void {
  fc.assert(
    fc.property(fc.array(commands, { minLength: 1, maxLength: 6 }), (said) => {
      const last = said.at(-1) as Command;
      const events = decided(decider, decide, said);
      expect(decided(decider, decide, [...said, last])).toEqual(events);
      expect(shown(events)).toEqual(shown(decided(decider, decide, [last])));
    }),
  );
}
