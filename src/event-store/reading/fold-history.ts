import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import type { Event, Recorded } from '../event.js';

/** Handlers by event type; events of other types are ignored. */
export type FactsOf<E extends Event> = { readonly [Type in E['type']]?: (data: Extract<E, { type: Type }>['data']) => void };

/**
 * The history as typed events, all of which this release can read.
 * @throws StoreUnavailable when the history holds an event of a newer release, since it may be relevant
 */
export function readableEvents<E extends Event>(history: readonly Recorded[]): readonly Recorded<E>[] {
  if (history.every(isKnown<E>)) return history;
  const unknown = history.find((event) => event.unknown);
  throw new StoreUnavailable(`事件流 ${unknown?.stream} 中有更新的版本写的 ${unknown?.type}：请使用那个版本`);
}

function isKnown<E extends Event>(event: Recorded): event is Recorded<E> {
  return !event.unknown;
}

/**
 * Passes each event of a history to the handler of its type, in order. Commands read facts of other streams by it.
 * @throws StoreUnavailable as `readableEvents`
 */
export function foldHistory<E extends Event>(history: readonly Recorded[], facts: FactsOf<E>): void {
  const byType: Readonly<Record<string, ((data: never) => void) | undefined>> = facts;
  for (const { type, data } of readableEvents<E>(history)) byType[type]?.(data as never);
}
