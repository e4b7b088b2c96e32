import { type PaymentDues, paymentDues } from '../../projections/payment-dues.js';
import { type Due, timer } from '../acting/timer.js';
import { AskPayment } from './ask-payment.command.js';
import { AskRefund } from './ask-refund.command.js';
import { ExpireBill } from './expire-bill.command.js';

/** A bill's deadline, orders of which it is not known what came of them, and money to be given back. */
export const payments = timer<PaymentDues>({
  name: 'payments',
  due: paymentDues,
  commands: (bill, { unpaidSince, dueBy, orders, refunds }, now) => {
    const asks = orders
      .filter(({ askAt }) => askAt <= now)
      .map(({ order, askAt }): Due => ({ name: `ask ${order} ${askAt}`, make: (given) => new AskPayment(given, order) }));
    const refundAsks = refunds
      .filter(({ askAt }) => askAt <= now)
      .map(({ transaction, askAt }): Due => ({ name: `refund ${transaction} ${askAt}`, make: (given) => new AskRefund(given, bill, transaction) }));
    const expires = unpaidSince !== undefined && dueBy !== undefined && dueBy <= now && orders.length === 0;
    return [
      ...asks,
      ...refundAsks,
      ...(expires ? [{ name: `expire ${dueBy} ${unpaidSince}`, make: (given) => new ExpireBill(given, bill) } satisfies Due] : []),
    ];
  },
});
