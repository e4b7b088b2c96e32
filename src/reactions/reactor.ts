import type { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import type { Event, Recorded } from '../event-store/event.js';

type Reaction<E> = { react(event: E, given: Given): Command<unknown> | undefined }['react'];

/**
 * Turns events into commands. Pure: no store, no clock. A command may be repeated at any later time (after a crash, or when an older log
 * was restored), always with the same id, so its decider must accept it when there is nothing left to do.
 */
export interface Reactor<E extends Event = Event> {
  /** Must never change: the checkpoint and the commands' ids depend on it. */
  readonly name: string;
  /** One reaction for each event type; it returns undefined when there is nothing to do. Events recorded by an import are skipped. */
  readonly on: { readonly [Type in E['type']]?: Reaction<Recorded<Extract<E, { type: Type }>>> };
  /** Event types that are not skipped when an import recorded them. */
  readonly importedEvents?: readonly E['type'][];
}

/** Declares a reactor, so that its reactions are type-checked against its events. */
export function reactor<E extends Event>(definition: Reactor<E>): Reactor<E> {
  return definition;
}
