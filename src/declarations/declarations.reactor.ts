import type { BillKind, PaymentEvent } from '../payments/payments.events.js';
import { reactor } from '../reactions/reactor.js';
import type { DeclaredMajor } from './declarations.events.js';
import { LapseDeclaration } from './lapse-declaration.command.js';
import { PayDeclaration } from './pay-declaration.command.js';
import { UnpayDeclaration } from './unpay-declaration.command.js';

/** Records in a declaration that its bill was paid, is not paid after all, or ended unpaid. */
export const declarations = reactor<PaymentEvent>({
  name: 'declarations',
  on: {
    BillPaid: ({ data }, given) => {
      const of = declaredMajor(data);
      return of && new PayDeclaration(given, data.candidateId, data.bill, of);
    },
    BillReopened: ({ data }, given) => {
      const of = declaredMajor(data);
      return of && new UnpayDeclaration(given, data.candidateId, data.bill, of);
    },
    BillExpired: ({ data }, given) => {
      const of = declaredMajor(data);
      return of && new LapseDeclaration(given, data.candidateId, data.bill, of);
    },
    BillCancelled: ({ data }, given) => {
      const of = declaredMajor(data);
      return of && new LapseDeclaration(given, data.candidateId, data.bill, of);
    },
  },
});

/** What each event of a bill means for its declaration. */
interface BilledFor {
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
}

/** Undefined for the bill of an enrolment. */
function declaredMajor({ kind, period, codes: [major] }: BilledFor): DeclaredMajor | undefined {
  return kind === 'enrolment' || major === undefined ? undefined : { kind, period, major };
}
