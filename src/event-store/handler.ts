import { type Command, CommandHandler } from '@nestjs/cqrs';
import type { Appended } from './append.js';
import type { Decider } from './decider.js';
import type { Event, Stream } from './event.js';
import { type Decidable, EventStore } from './event-store.js';

/** A class by whose name its instance is given: by Nest, or by whoever else puts handlers together. */
type Provided<One = unknown> = abstract new (...args: never[]) => One;
type Instances<Needs extends readonly Provided[]> = {
  readonly [At in keyof Needs]: Needs[At] extends Provided<infer One> ? One : never;
};

/** Finds the instance of a class. @throws where there is none */
export type Find = <One>(type: Provided<One>) => One;

/** Does what one kind of command asks for. */
export interface Handler {
  execute(command: Command<unknown>): Promise<unknown>;
}

/** What `handlerBy` and `handler` make: a provider for Nest that can be put together without Nest, too. */
export interface HandlerClass {
  readonly command: Provided;
  with(find: Find): Handler;
}

/** The handler of one kind of command, where its work is more than a decision on one stream. @param needs what `execute` is given after the command */
export function handlerBy<C extends Command<unknown>, Answer, const Needs extends readonly Provided[]>(
  command: abstract new (...args: never[]) => C,
  needs: readonly [...Needs],
  execute: (command: C, ...needs: Instances<Needs>) => Promise<Answer>,
) {
  class DeclaredHandler {
    static readonly command = command;
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
  Reflect.defineMetadata('design:paramtypes', needs, DeclaredHandler);
  CommandHandler(command)(DeclaredHandler);
  return DeclaredHandler;
}

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

/**
 * The handler of a command: reads the facts, then decides on the stream (`EventStore.decide`).
 * @throws what `facts` throws; Refusal when the rule says no
 */
export function handler<C extends Command<Appended> & Decidable, State, E extends Event, Facts, const Needs extends readonly Provided[] = []>(
  command: abstract new (...args: never[]) => C,
  { needs, facts, stream, decider, decide }: Declaration<C, State, E, Facts, Needs>,
) {
  const all = [EventStore, ...(needs ?? [])] as readonly [typeof EventStore, ...Needs];
  return handlerBy(command, all, async (given: C, events: EventStore, ...rest: Instances<Needs>): Promise<Appended> => {
    const known = (await facts?.(given, ...rest)) as Facts; // nothing where there are none to read
    return events.decide(given, stream(given, known), decider, (state) => decide(state, given, known));
  });
}
