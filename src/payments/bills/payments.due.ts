import { type PaymentDues, paymentDues } from '../../../projections/payment-dues.js';
import { type Due, timer } from '../../reactions/timer.js';
import { AskPayment } from '../platform/ask-payment.command.js';
import { AskRefund } from '../platform/ask-refund.command.js';
import { ExpireBill } from './expire-bill.command.js';

/** By how much the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;
/** Milliseconds between two times that the platform is asked about the same, at most. */
const LONGEST_WAIT = 24 * 60 * 60 * 1_000;
/** Sorts after every instant: the platform is not asked any more. */
const NEVER = '9';

/** A bill's deadline, orders of which it is not known what came of them, and money to be given back. */
export const payments = timer<PaymentDues>({
  name: 'payments',
  due: paymentDues,
  commands: (bill, { unpaidSince, dueBy, orders, refunds }, now) => {
    const asks = orders
      .filter(({ askAt, begunAt }) => isDue(askAt, begunAt, now))
      .map(({ order, askAt }): Due => ({ name: `ask ${order} ${askAt}`, makeCommand: (given) => new AskPayment(given, order) }));
    const refundAsks = refunds
      .filter(({ askAt, requestedAt = askAt }) => isDue(askAt, requestedAt, now))
      .map(({ transaction, askAt }): Due => ({ name: `refund ${transaction} ${askAt}`, makeCommand: (given) => new AskRefund(given, bill, transaction) }));
    const expires = unpaidSince !== undefined && dueBy !== undefined && dueBy <= now && orders.length === 0;
    return [
      ...asks,
      ...refundAsks,
      ...(expires ? [{ name: `expire ${dueBy} ${unpaidSince}`, makeCommand: (given) => new ExpireBill(given, bill) } satisfies Due] : []),
    ];
  },
});

/** It has come; or it was told by a clock that was set back since, as was that from which it is counted. */
function isDue(askAt: string, since: string, now: string): boolean {
  return askAt !== NEVER && (askAt <= now || isAhead(since, now, SKEW) || isAhead(askAt, now, LONGEST_WAIT + SKEW));
}

function isAhead(instant: string, now: string, by: number): boolean {
  return Date.parse(instant) - Date.parse(now) > by;
}
