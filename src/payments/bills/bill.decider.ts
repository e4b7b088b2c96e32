import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { BillTerms, PaymentEvent, Receipt } from '../payments.events.js';
import { refused } from '../payments.refusals.js';

/** A transition of a bill that was due. */
export interface Transition {
  readonly type: 'BillPaid' | 'BillExpired' | 'BillCancelled' | 'BillRefunded';
  readonly happenedAt?: string | undefined;
}

/** One attempt to pay; fen, and instants in UTC. */
export interface Attempt {
  readonly order: string;
  readonly fen: number;
  readonly begunAt: string;
  readonly endsAt: string;
  /** `open` until the platform has said what came of it. */
  readonly state: 'open' | 'paid' | 'failed';
  readonly unresolved?: true;
  /** The instant from which the time for asking the platform counts, where a clock was set back since it was begun. */
  readonly since?: string;
}

/** Money that was received, by the platform's number, or by PC_SYSTEM where the PC system reported it. */
export interface ReceivedMoney {
  readonly order?: string | undefined;
  readonly fen: number;
  readonly paidAt: string;
  /** Missing where it pays the bill. */
  readonly refund?: 'due' | 'requested' | 'done' | 'refused';
}

/** A notification that disagrees with the order or the ledger, until the platform was asked; fen, instant in UTC. */
export interface Doubt {
  readonly order: string;
  readonly transaction: string;
  readonly fen: number;
  readonly toldAt: string;
  /** The platform was asked for a day. */
  readonly unresolved?: true;
}

export type Contradiction = Omit<(PaymentEvent & { type: 'PaymentContradicted' })['data'], 'candidateId' | 'bill'>;

export interface Bill {
  /** Missing until it is issued. */
  readonly terms?: BillTerms;
  /** Empty while the bill is due. */
  readonly steps: Transition[];
  /** Whether the last transition was decided here, and not reported by the PC system. */
  readonly here: boolean;
  /** By the order's number. */
  readonly attempts: Map<string, Attempt>;
  readonly money: Map<string, ReceivedMoney>;
  /** Statements of the platform that contradict earlier ones; each is recorded once. */
  readonly contradictions: Contradiction[];
  /** By the order's number. */
  readonly doubts: Map<string, Doubt[]>;
  readonly receipt?: Receipt;
}

/** The key of money that the PC system reported, which has no number of the platform. */
export const PC_SYSTEM = '';

function unissued(): Bill {
  return { steps: [], here: false, attempts: new Map(), money: new Map(), contradictions: [], doubts: new Map() };
}

export const bill: Decider<Bill, PaymentEvent> = {
  initial: unissued,
  evolve(state, { type, data }) {
    switch (type) {
      case 'BillIssued':
        return { ...state, terms: data };
      case 'BillCorrected': {
        const elsewhere = state.money.get(PC_SYSTEM);
        const corrected = { ...state, terms: data };
        return elsewhere && elsewhere.refund === undefined ? withMoney(corrected, PC_SYSTEM, { ...elsewhere, fen: data.fen }) : corrected;
      }
      case 'BillPaid': {
        const { transaction = PC_SYSTEM, order, happenedAt } = data;
        const paid = withoutDoubts(withTransition(state, { type, happenedAt }, transaction !== PC_SYSTEM), order);
        if (happenedAt === undefined) return paid;
        return withMoney(withAttempt(paid, order, { state: 'paid' }), transaction, { order, fen: state.terms?.fen ?? 0, paidAt: happenedAt });
      }
      case 'BillExpired':
      case 'BillCancelled':
        return withTransition(state, { type, happenedAt: data.happenedAt }, data.here === true);
      case 'BillRefunded':
        return withTransition(state, { type, happenedAt: data.happenedAt }, false);
      case 'BillReopened':
        state.money.delete(PC_SYSTEM);
        return { ...state, steps: [], here: false };
      case 'BillVoided':
        return unissued();
      case 'PaymentBegun': {
        const { order, fen, begunAt, endsAt } = data;
        state.attempts.set(order, { order, fen, begunAt, endsAt, state: 'open' });
        return state;
      }
      case 'PaymentAsked':
        return withAsked(state, data.order, data.askedAt);
      case 'PaymentFailed':
        return withoutDoubts(withAttempt(state, data.order, { state: 'failed' }), data.order);
      case 'PaymentUnresolved':
        markUnresolved(state.doubts.get(data.order) ?? []);
        return withAttempt(state, data.order, { unresolved: true });
      case 'PaymentContradicted': {
        const { candidateId: _, bill: __, ...contradiction } = data;
        state.contradictions.push(contradiction);
        return state;
      }
      case 'PaymentDoubted': {
        const { order, transaction, fen, toldAt } = data;
        const doubt = { order, transaction, fen, toldAt };
        const doubts = state.doubts.get(order);
        if (doubts) doubts.push(doubt);
        else state.doubts.set(order, [doubt]);
        return state;
      }
      case 'DoubtSettled':
        return withoutDoubts(state, data.order);
      case 'RefundDue': {
        const { transaction = PC_SYSTEM, order, fen, paidAt } = data;
        return withMoney(withoutDoubts(withAttempt(state, order, { state: 'paid' }), order), transaction, { order, fen, paidAt, refund: 'due' });
      }
      case 'RefundRequested':
        return withRefund(state, data.transaction, 'requested');
      case 'RefundAsked':
        return state;
      case 'RefundDone':
        return withRefund(state, data.transaction, 'done');
      case 'RefundRefused':
        return withRefund(state, data.transaction, 'refused');
      case 'ReceiptIssued': {
        const { code, number, checkCode, issuedAt } = data;
        return { ...state, receipt: { code, number, checkCode, issuedAt } };
      }
    }
  },
};

/** The doubts about an order. */
export function doubtsOf({ doubts }: Bill, order: string): readonly Doubt[] {
  return doubts.get(order) ?? [];
}

/** The attempt whose outcome is not known yet. */
export function openAttempt({ attempts }: Bill): Attempt | undefined {
  return [...attempts.values()].find((attempt) => attempt.state === 'open');
}

/** @throws Refusal bill.number_taken */
export function issueBill({ terms: before }: Bill, terms: BillTerms): PaymentEvent[] {
  if (!before) return [{ type: 'BillIssued', data: terms }];
  if (same(before, terms)) return [];
  throw refused('bill.number_taken', { bill: terms.bill });
}

/** At its deadline an unpaid bill expires, unless a payment may still be under way. */
export function expireBill(state: Bill, at: string): PaymentEvent[] {
  const terms = issuedTerms(state);
  if (state.steps.length > 0 || terms.dueBy === undefined || at < terms.dueBy || openAttempt(state) || state.doubts.size > 0) return [];
  return [{ type: 'BillExpired', data: { ...billSubject(terms), happenedAt: terms.dueBy, here: true } }];
}

/**
 * The candidate cancels a bill.
 * @throws Refusal bill.unknown, bill.paid, bill.expired, bill.refunded; payment.begun while the platform may take its money;
 * payment.checking while it is asked about an amount
 */
export function cancelBill(state: Bill, candidateId: string, at: string): PaymentEvent[] {
  if (state.terms?.candidateId === candidateId && state.steps.at(-1)?.type === 'BillCancelled') return [];
  const terms = unpaidTerms(state, candidateId, at);
  if (state.doubts.size > 0) throw refused('payment.checking', { bill: terms.bill });
  if (openAttempt(state)) throw refused('payment.begun', { bill: terms.bill });
  return [{ type: 'BillCancelled', data: { ...billSubject(terms), here: true } }];
}

/**
 * Records the fiscal receipt of a paid bill; a later one replaces it.
 * @throws Refusal bill.unknown, receipt.unpaid
 */
export function recordReceipt(state: Bill, receipt: Receipt): PaymentEvent[] {
  const { candidateId, bill: number } = issuedTerms(state);
  const last = state.steps.at(-1)?.type;
  if (last !== 'BillPaid' && last !== 'BillRefunded') throw refused('receipt.unpaid', { bill: number });
  return same(state.receipt, receipt) ? [] : [{ type: 'ReceiptIssued', data: { candidateId, bill: number, ...receipt } }];
}

/** The terms of a bill. @throws Refusal bill.unknown */
export function issuedTerms({ terms }: Bill): BillTerms {
  if (!terms) throw refused('bill.unknown');
  return terms;
}

/** The terms of a bill that a candidate can still pay. @throws Refusal bill.unknown, bill.paid, bill.refunded, bill.cancelled, bill.expired */
export function unpaidTerms(state: Bill, candidateId: string, at: string): BillTerms {
  if (state.terms?.candidateId !== candidateId) throw refused('bill.unknown');
  const { terms } = state;
  const values = { bill: terms.bill };
  switch (state.steps.at(-1)?.type) {
    case 'BillPaid':
      throw refused('bill.paid', values);
    case 'BillRefunded':
      throw refused('bill.refunded', values);
    case 'BillCancelled':
      throw refused('bill.cancelled', values);
    case 'BillExpired':
      throw refused('bill.expired', values);
    default:
      if (terms.dueBy !== undefined && at >= terms.dueBy) throw refused('bill.expired', values);
      return terms;
  }
}

/** Whose bill it is, and for what: later events repeat it. */
export function billSubject({ candidateId, bill, kind, period, lines }: BillTerms) {
  return { candidateId, bill, kind, period, codes: lines.map(({ code }) => code) };
}

function withTransition(state: Bill, next: Transition, here: boolean): Bill {
  if (state.steps.at(-1)?.type === next.type) state.steps.pop();
  state.steps.push(next);
  return { ...state, here };
}

function withAttempt(state: Bill, order: string | undefined, changes: Partial<Attempt>): Bill {
  const attempt = order === undefined ? undefined : state.attempts.get(order);
  if (attempt) state.attempts.set(attempt.order, { ...attempt, ...changes });
  return state;
}

/** A query before the attempt or the notification means that a clock was set back: they count from the query then. */
function withAsked(state: Bill, order: string, askedAt: string): Bill {
  const attempt = state.attempts.get(order);
  if (attempt && askedAt < (attempt.since ?? attempt.begunAt)) state.attempts.set(order, { ...attempt, since: askedAt });
  const doubts = state.doubts.get(order) ?? [];
  for (let at = doubts.length - 1; at >= 0; at--) {
    const doubt = doubts[at] as Doubt;
    if (doubt.unresolved || doubt.toldAt <= askedAt) break;
    doubts[at] = { ...doubt, toldAt: askedAt };
  }
  return state;
}

/** All doubts before an unresolved one are unresolved already. */
function markUnresolved(doubts: Doubt[]): void {
  for (let at = doubts.length - 1; at >= 0; at--) {
    const doubt = doubts[at] as Doubt;
    if (doubt.unresolved) return;
    doubts[at] = { ...doubt, unresolved: true };
  }
}

/** A certain outcome of an order settles all doubts about it. */
function withoutDoubts(state: Bill, order: string | undefined): Bill {
  if (order !== undefined) state.doubts.delete(order);
  return state;
}

function withMoney(state: Bill, transaction: string, money: ReceivedMoney): Bill {
  state.money.set(transaction, money);
  return state;
}

function withRefund(state: Bill, transaction: string = PC_SYSTEM, refund: ReceivedMoney['refund'] & string): Bill {
  const money = state.money.get(transaction);
  return money ? withMoney(state, transaction, { ...money, refund }) : state;
}
