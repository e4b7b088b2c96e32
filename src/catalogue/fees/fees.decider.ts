import type { Decider } from '../../event-store/decider.js';
import type { CatalogueEvent, FeeKind } from '../catalogue.events.js';

type FeeEvent = Extract<CatalogueEvent, { type: 'FeeSet' }>;

/** The fees of one kind: amount in fen by the period from which it holds. */
type Fees = Map<string, number>;

export const fees: Decider<Fees, FeeEvent> = {
  initial: () => new Map(),
  evolve: (state, { data }) => state.set(data.fromPeriod, data.fen),
};

export function setFee(state: Fees, { kind, fromPeriod, fen }: { readonly kind: FeeKind; readonly fromPeriod: string; readonly fen: number }): FeeEvent[] {
  return state.get(fromPeriod) === fen ? [] : [{ type: 'FeeSet', data: { kind, fromPeriod, fen } }];
}
