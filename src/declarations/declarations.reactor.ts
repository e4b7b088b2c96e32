import type { BillKind, PaymentEvent } from '../payments/payments.events.js';
import { reactor } from '../reactions/reactor.js';
import type { Declarable } from './declared.js';
import { LapseDeclaration } from './lapse-declaration.command.js';
import { PayDeclaration } from './pay-declaration.command.js';

/** What became of a bill comes back to the declaration that it is for. */
export const declarations = reactor<PaymentEvent>({
  name: 'declarations',
  on: {
    BillPaid: ({ data }, given) => {
      const of = declarable(data);
      return of && new PayDeclaration(given, data.candidateId, data.bill, of);
    },
    BillExpired: ({ data }, given) => {
      const of = declarable(data);
      return of && new LapseDeclaration(given, data.candidateId, data.bill, of);
    },
    BillCancelled: ({ data }, given) => {
      const of = declarable(data);
      return of && new LapseDeclaration(given, data.candidateId, data.bill, of);
    },
  },
});

interface BilledFor {
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
}

function declarable({ kind, period, codes: [major] }: BilledFor): Declarable | undefined {
  return kind === 'enrolment' || major === undefined ? undefined : { kind, period, major };
}
