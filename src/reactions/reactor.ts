import type { Command } from '@nestjs/cqrs';
import type { Given } from '../event-store/decider.js';
import type { Event, Recorded } from '../event-store/event.js';

type Reaction<E> = { react(event: E, given: Given): Command<unknown> | undefined }['react'];

/**
 * What the centre does by itself when something was recorded: events in, commands out. Pure: no store, no clock. A command
 * may be given again at any later time (after a crash, or when an older log was restored), always with the same id: so its
 * decider must find nothing left to do where its event has been reacted to.
 */
export interface Reactor<E extends Event = Event> {
  /** Never changed: what was done is known by it. */
  readonly name: string;
  /** One reaction an event type; undefined where there is nothing to do. Events that an import recorded do not come. */
  readonly on: { readonly [Type in E['type']]?: Reaction<Recorded<Extract<E, { type: Type }>>> };
  /** Types of which those come too that an import recorded: what follows from them nobody else has seen to. */
  readonly ofImports?: readonly E['type'][];
}

/** Declares a reactor; its reactions are checked against the types of its events. */
export function reactor<E extends Event>(definition: Reactor<E>): Reactor<E> {
  return definition;
}
