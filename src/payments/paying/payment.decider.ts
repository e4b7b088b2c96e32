import type { Given } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import {
  type Attempt,
  type Bill,
  billSubject,
  type Contradiction,
  doubtsOf,
  issuedTerms,
  openAttempt,
  PC_SYSTEM,
  type ReceivedMoney,
  unpaidTerms,
} from '../bills/bill.decider.js';
import type { BillTerms, PaymentEvent, RefundReason } from '../payments.events.js';
import { refused } from '../payments.refusals.js';
import type { Payment, RefundStatus } from '../platform/payment-platform.js';

/** Minutes during which the platform accepts the payment of an order. */
const ORDER_MINUTES = 15;
/** By how much the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;
/** An order's number has two digits for the attempt. */
const MAX_ATTEMPTS = 99;
/** Milliseconds for which the platform is asked about an order. */
const LONGEST_ASKING = 24 * 60 * 60 * 1000;

/**
 * Begins a payment. An open order that can still be paid is continued, so that a second click cannot pay twice. An order ends after 15
 * minutes, and never after the bill's deadline.
 * @throws Refusal bill.unknown, bill.paid, bill.expired, bill.cancelled, bill.refunded; payment.unresolved while the platform has
 * not said what came of an order; payment.checking while it is asked about an amount; payment.too_often
 */
export function beginPayment(state: Bill, { candidateId, given: { at } }: { readonly candidateId: string; readonly given: Given }): PaymentEvent[] {
  const terms = unpaidTerms(state, candidateId, at);
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
 * Records a payment at the platform: it pays the bill, or becomes a refund. A repeat records nothing.
 * @throws Refusal bill.unknown
 */
export function takePayment(state: Bill, payment: Payment): PaymentEvent[] {
  const { order, transaction, fen, channel, paidAt } = payment;
  const terms = issuedTerms(state);
  const { candidateId, bill: number } = terms;
  const known = state.money.get(transaction);
  if (known?.fen === fen) return [];
  if (known) return contradiction(state, { order, said: 'another_amount', transaction, fen });
  const why = refundReason(state, terms, payment);
  if (why) return [{ type: 'RefundDue', data: { candidateId, bill: number, order, transaction, fen, channel, paidAt, why } }];
  const paid: PaymentEvent = { type: 'BillPaid', data: { ...billSubject(terms), happenedAt: paidAt, order, transaction, channel } };
  const elsewhere = payingMoney(state);
  if (!elsewhere) return [paid];
  return [{ type: 'RefundDue', data: { candidateId, bill: number, fen: elsewhere.fen, paidAt: elsewhere.paidAt, why: 'paid_elsewhere' } }, paid];
}

/**
 * Records a notification of a payment. One whose amount is not the order's or the ledger's may be wrong: it is recorded as a doubt, and the
 * platform is asked.
 * @throws Refusal bill.unknown
 */
export function recordNotifiedPayment(state: Bill, payment: Payment, toldAt: string): PaymentEvent[] {
  const { order, transaction, fen, channel, paidAt } = payment;
  const { candidateId, bill: number, fen: billed } = issuedTerms(state);
  const known = state.money.get(transaction)?.fen;
  if (fen === (known ?? state.attempts.get(order)?.fen ?? billed)) return takePayment(state, payment);
  if ([...state.doubts.values()].flat().some((doubt) => doubt.transaction === transaction && doubt.fen === fen)) return [];
  return [{ type: 'PaymentDoubted', data: { candidateId, bill: number, order, transaction, fen, channel, paidAt, toldAt } }];
}

/** Records a notification of an order's end; while there is a doubt about the order, only the platform's status counts. */
export function recordNotifiedEnd(state: Bill, order: string, failedAt: string): PaymentEvent[] {
  return doubtsOf(state, order).length > 0 ? [] : failPayment(state, order, failedAt);
}

/** Records that an order was not paid and cannot be paid any more. */
export function failPayment(state: Bill, order: string, failedAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
  const attempt = state.attempts.get(order);
  if (!attempt || attempt.state === 'failed') return [];
  if (attempt.state === 'paid') return contradiction(state, { order, said: 'failed' });
  return [{ type: 'PaymentFailed', data: { candidateId, bill: number, order, failedAt } }];
}

/** Records that the platform was asked and does not know yet; after a day it becomes a task of the office. */
export function noteAsked(state: Bill, order: string, askedAt: string): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
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

/** Records the platform's status of a refund. */
export function noteRefund(state: Bill, transaction: string, status: RefundStatus, at: string): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
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

/** Whether the order can be paid. One that ends later than any can was begun before a clock was set back. */
function isPayable({ endsAt }: Attempt, at: string): boolean {
  const left = Date.parse(endsAt) - Date.parse(at);
  return left > 0 && left <= ORDER_MINUTES * 60_000 + SKEW;
}

/** The number of the last attempt, including one that is known only by its payment. */
function lastAttempt({ attempts, money }: Bill): number {
  const orders = [...attempts.values(), ...money.values()].flatMap(({ order }) => order ?? []);
  return Math.max(0, ...orders.map((order) => Number(order.slice(-2))));
}

/** Undefined where the payment pays the bill. */
function refundReason(state: Bill, terms: BillTerms, { order, fen, paidAt }: Payment): RefundReason | undefined {
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

/** The payment reported by the PC system, where it pays the bill. */
function payingMoney({ money }: Bill): ReceivedMoney | undefined {
  const elsewhere = money.get(PC_SYSTEM);
  return elsewhere?.refund === undefined ? elsewhere : undefined;
}

/** Records a contradiction, once. */
export function contradiction(state: Bill, what: Contradiction): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
  if (state.contradictions.some((each) => same(each, what))) return [];
  return [{ type: 'PaymentContradicted', data: { candidateId, bill: number, ...what } }];
}
