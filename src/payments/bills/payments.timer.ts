import { type PaymentDues, paymentDues } from '../../../projections/payment-dues.js';
import { type Due, timer } from '../../reactions/timer.js';
import { AskPayment } from '../paying/ask-payment.command.js';
import { AskRefund } from '../paying/ask-refund.command.js';
import { ExpireBill } from './expire-bill.command.js';

/** By how much the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;
/** Maximum milliseconds between two queries about the same order or refund. */
const LONGEST_WAIT = 24 * 60 * 60 * 1_000;
/** Sorts after every instant: the platform is not asked again. */
const NEVER = '9';

/** Expires bills at their deadline, and asks the platform about open orders and refunds. */
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

/** Whether its time has come, or it was computed by a clock that was set back since. */
function isDue(askAt: string, since: string, now: string): boolean {
  return askAt !== NEVER && (askAt <= now || isAhead(since, now, SKEW) || isAhead(askAt, now, LONGEST_WAIT + SKEW));
}

function isAhead(instant: string, now: string, by: number): boolean {
  return Date.parse(instant) - Date.parse(now) > by;
}
