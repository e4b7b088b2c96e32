import type { Appended } from './append.js';
import type { Command } from './command.js';
import type { Decider } from './decider.js';
import type { Event, Stream } from './event.js';
import { type Decidable, EventStore } from './event-store.js';

/** A class whose instance is provided by Nest or by `Find`. */
type Provided<One = unknown> = abstract new (...args: never[]) => One;
type Instances<Needs extends readonly Provided[]> = {
  readonly [At in keyof Needs]: Needs[At] extends Provided<infer One> ? One : never;
};

/** Finds the instance of a class. @throws when there is none */
export type Find = <One>(type: Provided<One>) => One;

/** Executes commands of one class. */
export interface Handler {
  execute(command: Command<unknown>): Promise<unknown>;
}

/** What `handlerBy` and `handler` return. */
export interface HandlerClass {
  readonly command: Provided;
  /** The classes whose instances its constructor gets. */
  readonly needs: readonly Provided[];
  with(find: Find): Handler;
}

/** Declares a handler whose work is more than a decision on one stream. @param needs classes whose instances `execute` gets after the command */
export function handlerBy<C extends Command<unknown>, Answer, const Needs extends readonly Provided[]>(
  command: abstract new (...args: never[]) => C,
  needs: readonly [...Needs],
  execute: (command: C, ...needs: Instances<Needs>) => Promise<Answer>,
) {
  class DeclaredHandler {
    static readonly command = command;
    static readonly needs: readonly Provided[] = needs;
    private readonly needs: Instances<Needs>;

    constructor(...needs: Instances<Needs>) {
      this.needs = needs;
    }

    static with(find: Find): DeclaredHandler {
      return new DeclaredHandler(...(needs.map((type) => find(type)) as Instances<Needs>));
    }

    execute(given: C): Promise<Answer> {
      return execute(given, ...this.needs);
    }
  }
  Object.defineProperty(DeclaredHandler, 'name', { value: `${command.name}Handler` });
  return DeclaredHandler;
}

/** The declaration of a command's handler. */
interface Declaration<C extends Decidable, State, E extends Event, Facts, Needs extends readonly Provided[]> {
  /** Classes whose instances `facts` gets after the command. */
  readonly needs?: readonly [...Needs];
  /** Facts beyond the stream that the decision depends on. Read once, before the stream; after a RevisionConflict the same facts are used. */
  readonly facts?: (command: C, ...needs: Instances<Needs>) => Facts | Promise<Facts>;
  readonly stream: (command: C, facts: Facts) => Stream;
  readonly decider: Decider<State, E>;
  readonly decide: (state: State, command: C, facts: Facts) => readonly E[];
}

/**
 * Declares a handler that reads the facts and then decides on the stream (`EventStore.decide`).
 * @throws what `facts` throws; Refusal when a rule refuses the command
 */
export function handler<C extends Command<Appended> & Decidable, State, E extends Event, Facts, const Needs extends readonly Provided[] = []>(
  command: abstract new (...args: never[]) => C,
  { needs, facts, stream, decider, decide }: Declaration<C, State, E, Facts, Needs>,
) {
  const all = [EventStore, ...(needs ?? [])] as readonly [typeof EventStore, ...Needs];
  return handlerBy(command, all, async (given: C, events: EventStore, ...rest: Instances<Needs>): Promise<Appended> => {
    const known = (await facts?.(given, ...rest)) as Facts; // undefined when the command needs no facts
    return events.decide(given, stream(given, known), decider, (state) => decide(state, given, known));
  });
}
