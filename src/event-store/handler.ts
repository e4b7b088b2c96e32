import { type Command, CommandHandler } from '@nestjs/cqrs';
import type { Appended } from './append.js';
import type { Decider } from './decider.js';
import type { Event, Stream } from './event.js';
import { type Decidable, EventStore } from './event-store.js';

/** A class whose instance Nest provides. */
type Provided = abstract new (...args: never[]) => unknown;
type Instances<Needs extends readonly Provided[]> = {
  readonly [At in keyof Needs]: Needs[At] extends abstract new (...args: never[]) => infer One ? One : never;
};

/** How a command is decided. */
interface Declaration<C extends Decidable, State, E extends Event, Facts, Needs extends readonly Provided[]> {
  /** What `facts` is given after the command. */
  readonly needs?: readonly [...Needs];
  /** What the decision depends on beyond its stream. Read once, before the stream: a lost race is decided on the same facts. */
  readonly facts?: (command: C, ...needs: Instances<Needs>) => Facts | Promise<Facts>;
  readonly stream: (command: C, facts: Facts) => Stream;
  readonly decider: Decider<State, E>;
  readonly decide: (state: State, command: C, facts: Facts) => readonly E[];
}

/** A provider for Nest that handles one kind of command. */
type HandlerOf<C, Needs extends readonly Provided[]> = new (events: EventStore, ...needs: Instances<Needs>) => { execute(command: C): Promise<Appended> };

/**
 * The handler of a command: reads the facts, then decides on the stream (`EventStore.decide`).
 * @throws what `facts` throws; Refusal when the rule says no
 */
export function handler<C extends Command<Appended> & Decidable, State, E extends Event, Facts, const Needs extends readonly Provided[] = []>(
  command: abstract new (...args: never[]) => C,
  { needs, facts, stream, decider, decide }: Declaration<C, State, E, Facts, Needs>,
): HandlerOf<C, Needs> {
  class DeclaredHandler {
    private readonly needs: Instances<Needs>;

    constructor(
      private readonly events: EventStore,
      ...needs: Instances<Needs>
    ) {
      this.needs = needs;
    }

    async execute(given: C): Promise<Appended> {
      const known = (await facts?.(given, ...this.needs)) as Facts; // nothing where there are none to read
      return this.events.decide(given, stream(given, known), decider, (state) => decide(state, given, known));
    }
  }
  Object.defineProperty(DeclaredHandler, 'name', { value: `${command.name}Handler` });
  Reflect.defineMetadata('design:paramtypes', [EventStore, ...(needs ?? [])], DeclaredHandler);
  CommandHandler(command as never)(DeclaredHandler);
  return DeclaredHandler;
}
