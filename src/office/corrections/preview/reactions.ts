import type { Recorded } from '../../../event-store/event.js';
import { givenAt } from '../../../event-store/given.js';
import type { Reactor } from '../../../reactions/reactor.js';

/** A command that a reactor would give. */
export interface Reaction {
  readonly reactor: string;
  /** The name of the command's class. */
  readonly command: string;
  /** The type of the event that it reacts to. */
  readonly event: string;
}

/** What reactors would do about events, by their own functions, which are pure. */
export function reactionsTo(events: readonly Recorded[], reactors: readonly Reactor[], at: string): readonly Reaction[] {
  return events.flatMap((event) =>
    reactors.flatMap(({ name, on }) => {
      const command = on[event.type]?.(event, givenAt(at));
      return command ? [{ reactor: name, command: command.constructor.name, event: event.type }] : [];
    }),
  );
}
