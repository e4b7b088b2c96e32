import { StoreUnavailable } from './append.js';
import type { Event, Recorded } from './event.js';

/** What is made of an event, by its type; the other types say nothing of it. */
export type FactsOf<E extends Event> = { readonly [Type in E['type']]?: (data: Extract<E, { type: Type }>['data']) => void };

/**
 * Hands each event of a history to what is made of its type, in order: how a command reads facts of streams other than its own.
 * @throws StoreUnavailable when the history holds what a newer release recorded: whether it bears on the facts cannot be told
 */
export function foldHistory<E extends Event>(history: readonly Recorded[], facts: FactsOf<E>): void {
  const unknown = history.find((event) => event.unknown);
  if (unknown) throw new StoreUnavailable(`stream ${unknown.stream} holds ${unknown.type} of a newer release`);
  const byType: Readonly<Record<string, ((data: never) => void) | undefined>> = facts;
  for (const { type, data } of history) byType[type]?.(data as never);
}
