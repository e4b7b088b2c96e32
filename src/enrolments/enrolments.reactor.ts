import type { PaymentEvent } from '../payments/payments.events.js';
import { reactor } from '../reactions/reactor.js';
import { FreeEnrolment } from './free-enrolment.command.js';
import { SettleEnrolment } from './settle-enrolment.command.js';
import { WithdrawEnrolmentPayment } from './withdraw-enrolment-payment.command.js';

/** Records in an enrolment that its bill was paid, is not paid after all, or ended unpaid. */
export const enrolments = reactor<PaymentEvent>({
  name: 'enrolments',
  on: {
    BillPaid: ({ data: { kind, candidateId, period, bill, codes } }, given) =>
      kind === 'enrolment' ? new SettleEnrolment(given, candidateId, period, bill, codes) : undefined,
    BillReopened: ({ data: { kind, candidateId, period, bill } }, given) =>
      kind === 'enrolment' ? new WithdrawEnrolmentPayment(given, candidateId, period, bill) : undefined,
    BillRefunded: ({ data: { kind, candidateId, period, bill } }, given) =>
      kind === 'enrolment' ? new WithdrawEnrolmentPayment(given, candidateId, period, bill) : undefined,
    BillExpired: ({ data: { kind, candidateId, period, bill } }, given) =>
      kind === 'enrolment' ? new FreeEnrolment(given, candidateId, period, bill, 'expired') : undefined,
    BillCancelled: ({ data: { kind, candidateId, period, bill } }, given) =>
      kind === 'enrolment' ? new FreeEnrolment(given, candidateId, period, bill, 'cancelled') : undefined,
  },
});
