import type { Given } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import { type Attempt, type Bill, type Contradiction, doubtsOf, ELSEWHERE, issued, type Money, openAttempt, subject, unpaid } from '../bills/bill.decider.js';
import type { BillTerms, PaymentEvent, RefundReason } from '../payments.events.js';
import { refused } from '../payments.refusals.js';
import type { Payment, RefundStatus } from './payment-platform.js';

/** Minutes that the platform may take the money for one order. */
const ORDER_MINUTES = 15;
/** By how much the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;
/** The order's number has two digits for it. */
const MAX_ATTEMPTS = 99;
/** Milliseconds for which the platform is asked about one order. */
const LONGEST_ASKING = 24 * 60 * 60 * 1000;

/**
 * Begins to pay. An order that can still be paid is the one to be paid, whoever presses again: the platform takes its amount
 * once. The order ends after 15 minutes, and never after the bill's deadline.
 * @throws Refusal bill.unknown, bill.paid, bill.expired, bill.cancelled, bill.refunded; payment.unresolved while the platform has
 * not said what came of an order; payment.checking while it is asked about an amount; payment.too_often
 */
export function beginPayment(state: Bill, { candidateId, given: { at } }: { readonly candidateId: string; readonly given: Given }): PaymentEvent[] {
  const terms = unpaid(state, candidateId, at);
  if (state.doubts.size > 0) throw refused('payment.checking', { bill: terms.bill });
  const open = openAttempt(state);
  if (open) {
    if (isPayable(open, at) && open.fen === terms.fen) return [];
    throw refused('payment.unresolved', { bill: terms.bill });
  }
  const attempt = lastAttempt(state) + 1;
  if (attempt > MAX_ATTEMPTS) throw refused('payment.too_often', { bill: terms.bill });
  const order = `${terms.bill}${String(attempt).padStart(2, '0')}`;
  const longest = new Date(Date.parse(at) + ORDER_MINUTES * 60_000).toISOString();
  const endsAt = terms.dueBy !== undefined && terms.dueBy < longest ? terms.dueBy : longest;
  return [{ type: 'PaymentBegun', data: { candidateId, bill: terms.bill, order, fen: terms.fen, begunAt: at, endsAt } }];
}

/**
 * Records money that the platform took: it pays the bill, or it is to be given back. The same once more records nothing.
 * @throws Refusal bill.unknown
 */
export function takePayment(state: Bill, payment: Payment): PaymentEvent[] {
  const { order, transaction, fen, channel, paidAt } = payment;
  const terms = issued(state);
  const { candidateId, bill: number } = terms;
  const known = state.money.get(transaction);
  if (known?.fen === fen) return [];
  if (known) return contradiction(state, { order, said: 'another_amount', transaction, fen });
  const why = reasonToGiveBack(state, terms, payment);
  if (why) return [{ type: 'RefundDue', data: { candidateId, bill: number, order, transaction, fen, channel, paidAt, why } }];
  const paid: PaymentEvent = { type: 'BillPaid', data: { ...subject(terms), happenedAt: paidAt, order, transaction, channel } };
  const elsewhere = payingMoney(state);
  if (!elsewhere) return [paid];
  return [{ type: 'RefundDue', data: { candidateId, bill: number, fen: elsewhere.fen, paidAt: elsewhere.paidAt, why: 'paid_elsewhere' } }, paid];
}

/**
 * Records what a notification says of money. Where its amount is not the order's, or not what the books have, it may be the
 * notification that is wrong: that is recorded as a doubt, and the platform is asked.
 * @throws Refusal bill.unknown
 */
export function hearPayment(state: Bill, payment: Payment, toldAt: string): PaymentEvent[] {
  const { order, transaction, fen, channel, paidAt } = payment;
  const { candidateId, bill: number, fen: billed } = issued(state);
  const known = state.money.get(transaction)?.fen;
  if (fen === (known ?? state.attempts.get(order)?.fen ?? billed)) return takePayment(state, payment);
  if ([...state.doubts.values()].flat().some((doubt) => doubt.transaction === transaction && doubt.fen === fen)) return [];
  return [{ type: 'PaymentDoubted', data: { candidateId, bill: number, order, transaction, fen, channel, paidAt, toldAt } }];
}

/** Records what a notification says of an order's end; while there is a doubt about the order, the platform's answer decides. */
export function hearEnd(state: Bill, order: string, failedAt: string): PaymentEvent[] {
  return doubtsOf(state, order).length > 0 ? [] : failPayment(state, order, failedAt);
}

/** The platform says that an order was not paid and cannot be any more. */
export function failPayment(state: Bill, order: string, failedAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  const attempt = state.attempts.get(order);
  if (!attempt || attempt.state === 'failed') return [];
  if (attempt.state === 'paid') return contradiction(state, { order, said: 'failed' });
  return [{ type: 'PaymentFailed', data: { candidateId, bill: number, order, failedAt } }];
}

/** The platform was asked and does not know yet; after a day it is left to a person. */
export function noteAsked(state: Bill, order: string, askedAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  const attempt = state.attempts.get(order);
  const doubts = doubtsOf(state, order);
  const waiting =
    doubts.length > 0
      ? doubts.find(({ unresolved }) => !unresolved)?.toldAt
      : attempt?.state !== 'open' || attempt.unresolved
        ? undefined
        : (attempt.since ?? attempt.begunAt);
  if (waiting === undefined) return [];
  const isOver = Date.parse(askedAt) - Date.parse(waiting) >= LONGEST_ASKING;
  return [{ type: isOver ? 'PaymentUnresolved' : 'PaymentAsked', data: { candidateId, bill: number, order, askedAt } }];
}

/** What the platform answers about giving money back. */
export function noteRefund(state: Bill, transaction: string, status: RefundStatus, at: string): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  const money = state.money.get(transaction);
  if (money?.refund !== 'due' && money?.refund !== 'requested') return [];
  const of = { candidateId, bill: number, transaction, fen: money.fen };
  const requested: PaymentEvent[] = money.refund === 'due' ? [{ type: 'RefundRequested', data: { ...of, requestedAt: at } }] : [];
  switch (status.state) {
    case 'processing':
      return requested.length > 0 ? requested : [{ type: 'RefundAsked', data: { ...of, askedAt: at } }];
    case 'done':
      return [...requested, { type: 'RefundDone', data: { ...of, refundedAt: status.refundedAt } }];
    case 'refused':
      return [...requested, { type: 'RefundRefused', data: { ...of, refusedAt: at, why: status.why } }];
  }
}

/** Whether the platform takes money for it; one that ends later than any can was begun before a clock was set back. */
function isPayable({ endsAt }: Attempt, at: string): boolean {
  const left = Date.parse(endsAt) - Date.parse(at);
  return left > 0 && left <= ORDER_MINUTES * 60_000 + SKEW;
}

/** The number of the last attempt known of: also of one that is not recorded, and for which money came. */
function lastAttempt({ attempts, money }: Bill): number {
  const orders = [...attempts.values(), ...money.values()].flatMap(({ order }) => order ?? []);
  return Math.max(0, ...orders.map((order) => Number(order.slice(-2))));
}

/** Undefined: it pays the bill. */
function reasonToGiveBack(state: Bill, terms: BillTerms, { order, fen, paidAt }: Payment): RefundReason | undefined {
  const attempt = state.attempts.get(order);
  if (!attempt) return 'unknown_order';
  if (fen !== attempt.fen || fen !== terms.fen) return 'wrong_amount';
  switch (state.steps.at(-1)?.type) {
    case 'BillCancelled':
    case 'BillRefunded':
      return 'cancelled';
    case 'BillPaid': {
      const elsewhere = payingMoney(state);
      if (!elsewhere) return 'duplicate';
      return paidAt < elsewhere.paidAt ? undefined : 'paid_elsewhere';
    }
    case 'BillExpired':
      return terms.dueBy === undefined || paidAt >= terms.dueBy ? 'late' : undefined;
    default:
      return terms.dueBy !== undefined && paidAt >= terms.dueBy ? 'late' : undefined;
  }
}

/** The payment reported by the PC system, where it is that which pays the bill. */
function payingMoney({ money }: Bill): Money | undefined {
  const elsewhere = money.get(ELSEWHERE);
  return elsewhere?.refund === undefined ? elsewhere : undefined;
}

/** Told once, however often the platform says it. */
export function contradiction(state: Bill, what: Contradiction): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  if (state.contradictions.some((each) => same(each, what))) return [];
  return [{ type: 'PaymentContradicted', data: { candidateId, bill: number, ...what } }];
}
