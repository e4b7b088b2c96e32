import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { CatalogueEvent, DeclarationKind, Window } from '../catalogue.events.js';

type DeclarationPeriodEvent = Extract<CatalogueEvent, { type: 'DeclarationPeriodAnnounced' }>;

/** `name` as candidates know it (2018年上半年); the window is of declaring, all instants in UTC. */
export interface DeclarationPeriodTerms extends Window {
  readonly name: string;
  readonly paymentCloses?: string | undefined;
}

interface DeclarationPeriod {
  readonly terms?: DeclarationPeriodTerms;
}

export const declarationPeriod: Decider<DeclarationPeriod, DeclarationPeriodEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { name, opens, closes, paymentCloses } }) => ({ terms: { name, opens, closes, paymentCloses } }),
};

interface Announced {
  readonly kind: DeclarationKind;
  readonly code: string;
  readonly terms: DeclarationPeriodTerms;
}

export function announceDeclarationPeriod(state: DeclarationPeriod, { kind, code, terms }: Announced): DeclarationPeriodEvent[] {
  return same(state.terms, terms) ? [] : [{ type: 'DeclarationPeriodAnnounced', data: { kind, code, ...terms } }];
}
