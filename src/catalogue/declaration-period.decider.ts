import type { Decider } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { AnnounceDeclarationPeriod, DeclarationPeriodTerms } from './announce-declaration-period.command.js';
import type { CatalogueEvent } from './catalogue.events.js';

type DeclarationPeriodEvent = Extract<CatalogueEvent, { type: 'DeclarationPeriodAnnounced' }>;

interface DeclarationPeriod {
  readonly terms?: DeclarationPeriodTerms;
}

export const declarationPeriod: Decider<DeclarationPeriod, DeclarationPeriodEvent> = {
  initial: () => ({}),
  evolve: (_, { data: { name, opens, closes, paymentCloses } }) => ({ terms: { name, opens, closes, paymentCloses } }),
};

export function announceDeclarationPeriod(state: DeclarationPeriod, { kind, code, terms }: AnnounceDeclarationPeriod): DeclarationPeriodEvent[] {
  return same(state.terms, terms) ? [] : [{ type: 'DeclarationPeriodAnnounced', data: { kind, code, ...terms } }];
}
