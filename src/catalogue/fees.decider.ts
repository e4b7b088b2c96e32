import type { Decider } from '../event-store/decider.js';
import type { CatalogueEvent } from './catalogue.events.js';
import type { SetFee } from './set-fee.command.js';

type FeeEvent = Extract<CatalogueEvent, { type: 'FeeSet' }>;

/** The fees of one kind: amount in fen by the period from which it holds. */
type Fees = Map<string, number>;

export const fees: Decider<Fees, FeeEvent> = {
  initial: () => new Map(),
  evolve: (state, { data }) => state.set(data.fromPeriod, data.fen),
};

export function setFee(state: Fees, { kind, fromPeriod, fen }: SetFee): FeeEvent[] {
  return state.get(fromPeriod) === fen ? [] : [{ type: 'FeeSet', data: { kind, fromPeriod, fen } }];
}
