import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Event, Recorded } from './event.js';

/** What is made of an event, by its type; the other types say nothing of it. */
export type FactsOf<E extends Event> = { readonly [Type in E['type']]?: (data: Extract<E, { type: Type }>['data']) => void };

/**
 * A history as events of its kind, every one of them such as this release can read.
 * @throws StoreUnavailable when the history holds what a newer release recorded: whether it bears on the facts cannot be told
 */
export function readableEvents<E extends Event>(history: readonly Recorded[]): readonly Recorded<E>[] {
  if (history.every(isKnown<E>)) return history;
  const unknown = history.find((event) => event.unknown);
  throw new StoreUnavailable(`stream ${unknown?.stream} holds ${unknown?.type} of a newer release`);
}

function isKnown<E extends Event>(event: Recorded): event is Recorded<E> {
  return !event.unknown;
}

/**
 * Hands each event of a history to what is made of its type, in order: how a command reads facts of streams other than its own.
 * @throws StoreUnavailable as `known`
 */
export function foldHistory<E extends Event>(history: readonly Recorded[], facts: FactsOf<E>): void {
  const byType: Readonly<Record<string, ((data: never) => void) | undefined>> = facts;
  for (const { type, data } of readableEvents<E>(history)) byType[type]?.(data as never);
}
