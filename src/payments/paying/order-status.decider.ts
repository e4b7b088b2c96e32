import { evolved } from '../../event-store/decider.js';
import { type Bill, bill, doubtsOf, issuedTerms } from '../bills/bill.decider.js';
import type { PaymentEvent } from '../payments.events.js';
import type { OrderStatus } from '../platform/payment-platform.js';
import { contradiction, failPayment, noteAsked, takePayment } from './payment.decider.js';

/** Milliseconds after an order's end during which a payment that began in time may still be completed. */
const MARGIN = 60_000;

/**
 * Records the platform's status of an order. An order that is unknown there after its end was never presented. Doubts about the order end
 * once the status lists the doubted payments, or says that nothing was paid.
 * @throws Refusal bill.unknown
 */
export function recordOrderStatus(state: Bill, order: string, { state: stands, payments }: OrderStatus, at: string): PaymentEvent[] {
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

/** Nothing was paid. A doubted notification had said otherwise, which is recorded as a contradiction. */
function takeEnd(state: Bill, order: string, at: string): PaymentEvent[] {
  const failed = failPayment(state, order, at);
  const said = doubtsOf(state, order).flatMap(({ transaction, fen }) => contradiction(state, { order, said: 'failed', transaction, fen }));
  return [...failed, ...said, ...(failed[0]?.type === 'PaymentFailed' ? [] : settleDoubts(state, order, at))];
}

/** An officer has found out that an order was not paid and that its doubted payments do not exist: the order and the doubts end. */
export function closeOrder(state: Bill, order: string, at: string): PaymentEvent[] {
  const isOpen = state.attempts.get(order)?.state === 'open';
  return isOpen || doubtsOf(state, order).length === 0 ? failPayment(state, order, at) : settleDoubts(state, order, at);
}

/** Needed only where no other event ends the doubts. */
function settleDoubts(state: Bill, order: string, settledAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
  return doubtsOf(state, order).length > 0 ? [{ type: 'DoubtSettled', data: { candidateId, bill: number, order, settledAt } }] : [];
}
