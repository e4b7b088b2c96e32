import type { CatalogueEvent, DeclarationKind } from '../src/catalogue/catalogue.events.js';
import { projection } from '../src/read-models/projection.js';

/** When a kind of declaration is open; its key is `kind/code`. */
export interface DeclarationPeriod {
  readonly kind: DeclarationKind;
  readonly code: string;
  readonly name: string;
  readonly opens?: string | undefined;
  readonly closes?: string | undefined;
  readonly paymentCloses?: string | undefined;
}

export const declarationPeriods = projection<DeclarationPeriod, CatalogueEvent>({
  name: 'declaration-periods',
  version: 1,
  earlierFingerprints: ['714ec9b8a49ba608'],
  key: ({ data }) => ('kind' in data && 'code' in data ? `${data.kind}/${data.code}` : undefined),
  empty: { kind: 'thesis', code: '', name: '' },
  instants: ['opens', 'closes', 'paymentCloses'],
  money: [],
  on: {
    DeclarationPeriodAnnounced: (_, { data }) => data,
  },
});
