import { evolved } from '../../event-store/decider.js';
import { type Bill, bill, doubtsOf, issued } from '../bills/bill.decider.js';
import type { PaymentEvent } from '../payments.events.js';
import { contradiction, failPayment, noteAsked, takePayment } from './payment.decider.js';
import type { OrderStatus } from './payment-platform.js';

/** Milliseconds after an order's end within which a phone that came in time may still be paying. */
const MARGIN = 60_000;

/**
 * What the platform's answer about an order comes to. An order that it has not heard of by its end, it never will. A doubt about
 * the order ends once the answer lists what was doubted, or says that nothing was paid.
 * @throws Refusal bill.unknown
 */
export function takeAnswer(state: Bill, order: string, { state: stands, payments }: OrderStatus, at: string): PaymentEvent[] {
  const endsAt = state.attempts.get(order)?.endsAt;
  const isOver = endsAt !== undefined && Date.parse(at) >= Date.parse(endsAt) + MARGIN;
  if (payments.length === 0) return stands === 'closed' || (stands === 'unknown' && isOver) ? takeEnd(state, order, at) : noteAsked(state, order, at);
  let after = structuredClone(state); // each payment is decided on those before it
  const events = payments.flatMap((payment) => {
    const taken = takePayment(after, payment);
    after = evolved(bill, taken, after);
    return taken;
  });
  const doubts = doubtsOf(after, order);
  if (events.length > 0 && doubts.length === 0) return events;
  const listed = doubts.length > 0 && doubts.every(({ transaction }) => payments.some((each) => each.transaction === transaction));
  return [...events, ...(listed ? settleDoubts(after, order, at) : noteAsked(after, order, at))];
}

/** Nothing was paid, though a notification had said that money came where there is a doubt: that, a person has to find out. */
function takeEnd(state: Bill, order: string, at: string): PaymentEvent[] {
  const failed = failPayment(state, order, at);
  const said = doubtsOf(state, order).flatMap(({ transaction, fen }) => contradiction(state, { order, said: 'failed', transaction, fen }));
  return [...failed, ...said, ...(failed[0]?.type === 'PaymentFailed' ? [] : settleDoubts(state, order, at))];
}

/** A person has found out that an order was not paid, and that what is doubted about it is no money: it ends, and is asked about no more. */
export function closeOrder(state: Bill, order: string, at: string): PaymentEvent[] {
  const isOpen = state.attempts.get(order)?.state === 'open';
  return isOpen || doubtsOf(state, order).length === 0 ? failPayment(state, order, at) : settleDoubts(state, order, at);
}

/** For where nothing else is recorded that ends the doubts. */
function settleDoubts(state: Bill, order: string, settledAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  return doubtsOf(state, order).length > 0 ? [{ type: 'DoubtSettled', data: { candidateId, bill: number, order, settledAt } }] : [];
}
