import type { Decider } from '../../event-store/decider.js';
import { same } from '../../event-store/same.js';
import type { BillTerms, PaymentEvent, Receipt } from '../payments.events.js';
import { refused } from '../payments.refusals.js';

/** What became of a bill since it was due. */
export interface Step {
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
  /** From when on it is counted how long the platform is asked, where a clock was set back since it was begun. */
  readonly since?: string;
}

/** Money that came in, by the platform's number or, where the PC system reported it, by ELSEWHERE. */
export interface Money {
  readonly order?: string | undefined;
  readonly fen: number;
  readonly paidAt: string;
  /** Missing: it pays the bill. */
  readonly refund?: 'due' | 'requested' | 'done' | 'refused';
}

/** What a notification said that does not agree with the order or the books, until the platform has answered; fen, instant in UTC. */
export interface Doubt {
  readonly order: string;
  readonly transaction: string;
  readonly fen: number;
  readonly toldAt: string;
  /** It was asked for a day. */
  readonly unresolved?: true;
}

export type Contradiction = Omit<(PaymentEvent & { type: 'PaymentContradicted' })['data'], 'candidateId' | 'bill'>;

export interface Bill {
  /** Missing until it is issued. */
  readonly terms?: BillTerms;
  /** None: it is due. */
  readonly steps: Step[];
  /** That the last step was decided here. */
  readonly here: boolean;
  /** By the order's number. */
  readonly attempts: Map<string, Attempt>;
  readonly money: Map<string, Money>;
  /** What the platform said that does not agree with what it said before: each is told once. */
  readonly contradictions: Contradiction[];
  /** By the order's number. */
  readonly doubts: Map<string, Doubt[]>;
  readonly receipt?: Receipt;
}

/** For what the PC system reported, in place of the platform's number. */
export const ELSEWHERE = '';

export const bill: Decider<Bill, PaymentEvent> = {
  initial: () => ({ steps: [], here: false, attempts: new Map(), money: new Map(), contradictions: [], doubts: new Map() }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'BillIssued':
        return { ...state, terms: data };
      case 'BillCorrected': {
        const elsewhere = state.money.get(ELSEWHERE);
        const corrected = { ...state, terms: data };
        return elsewhere && elsewhere.refund === undefined ? moved(corrected, ELSEWHERE, { ...elsewhere, fen: data.fen }) : corrected;
      }
      case 'BillPaid': {
        const { transaction = ELSEWHERE, order, happenedAt } = data;
        const paid = settled(step(state, { type, happenedAt }, transaction !== ELSEWHERE), order);
        if (happenedAt === undefined) return paid;
        return moved(attempted(paid, order, { state: 'paid' }), transaction, { order, fen: state.terms?.fen ?? 0, paidAt: happenedAt });
      }
      case 'BillExpired':
      case 'BillCancelled':
        return step(state, { type, happenedAt: data.happenedAt }, data.here === true);
      case 'BillRefunded':
        return step(state, { type, happenedAt: data.happenedAt }, false);
      case 'BillReopened':
        state.money.delete(ELSEWHERE);
        return { ...state, steps: [], here: false };
      case 'PaymentBegun': {
        const { order, fen, begunAt, endsAt } = data;
        state.attempts.set(order, { order, fen, begunAt, endsAt, state: 'open' });
        return state;
      }
      case 'PaymentAsked':
        return asked(state, data.order, data.askedAt);
      case 'PaymentFailed':
        return settled(attempted(state, data.order, { state: 'failed' }), data.order);
      case 'PaymentUnresolved':
        markUnresolved(state.doubts.get(data.order) ?? []);
        return attempted(state, data.order, { unresolved: true });
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
        return settled(state, data.order);
      case 'RefundDue': {
        const { transaction = ELSEWHERE, order, fen, paidAt } = data;
        return moved(settled(attempted(state, order, { state: 'paid' }), order), transaction, { order, fen, paidAt, refund: 'due' });
      }
      case 'RefundRequested':
        return refunding(state, data.transaction, 'requested');
      case 'RefundAsked':
        return state;
      case 'RefundDone':
        return refunding(state, data.transaction, 'done');
      case 'RefundRefused':
        return refunding(state, data.transaction, 'refused');
      case 'ReceiptIssued': {
        const { code, number, checkCode, issuedAt } = data;
        return { ...state, receipt: { code, number, checkCode, issuedAt } };
      }
    }
  },
};

/** What is doubted about an order. */
export function doubtsOf({ doubts }: Bill, order: string): readonly Doubt[] {
  return doubts.get(order) ?? [];
}

/** The attempt that the platform may still take money for, or has not said what came of. */
export function openAttempt({ attempts }: Bill): Attempt | undefined {
  return [...attempts.values()].find((attempt) => attempt.state === 'open');
}

/**
 * Issues what its cause says.
 * @throws Refusal bill.number_taken
 */
export function issueBill({ terms: before }: Bill, terms: BillTerms): PaymentEvent[] {
  if (!before) return [{ type: 'BillIssued', data: terms }];
  if (same(before, terms)) return [];
  throw refused('bill.number_taken', { bill: terms.bill });
}

/** At its deadline an unpaid bill expires, unless the platform may still have taken its money. */
export function expireBill(state: Bill, at: string): PaymentEvent[] {
  const terms = issued(state);
  if (state.steps.length > 0 || terms.dueBy === undefined || at < terms.dueBy || openAttempt(state) || state.doubts.size > 0) return [];
  return [{ type: 'BillExpired', data: { ...subject(terms), happenedAt: terms.dueBy, here: true } }];
}

/**
 * The candidate does not want to pay it any more.
 * @throws Refusal bill.unknown, bill.paid, bill.expired, bill.refunded; payment.begun while the platform may take its money;
 * payment.checking while it is asked about an amount
 */
export function cancelBill(state: Bill, candidateId: string, at: string): PaymentEvent[] {
  if (state.terms?.candidateId === candidateId && state.steps.at(-1)?.type === 'BillCancelled') return [];
  const terms = unpaid(state, candidateId, at);
  if (state.doubts.size > 0) throw refused('payment.checking', { bill: terms.bill });
  if (openAttempt(state)) throw refused('payment.begun', { bill: terms.bill });
  return [{ type: 'BillCancelled', data: { ...subject(terms), here: true } }];
}

/**
 * The fiscal receipt of a paid bill; a later one takes the place of the one before.
 * @throws Refusal bill.unknown, receipt.unpaid
 */
export function recordReceipt(state: Bill, receipt: Receipt): PaymentEvent[] {
  const { candidateId, bill: number } = issued(state);
  const last = state.steps.at(-1)?.type;
  if (last !== 'BillPaid' && last !== 'BillRefunded') throw refused('receipt.unpaid', { bill: number });
  return same(state.receipt, receipt) ? [] : [{ type: 'ReceiptIssued', data: { candidateId, bill: number, ...receipt } }];
}

/** The terms of a bill. @throws Refusal bill.unknown */
export function issued({ terms }: Bill): BillTerms {
  if (!terms) throw refused('bill.unknown');
  return terms;
}

/** The terms of a bill that a candidate can still pay. @throws Refusal */
export function unpaid(state: Bill, candidateId: string, at: string): BillTerms {
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

/** Whose bill it is, and for what. */
export function subject({ candidateId, bill, kind, period, lines }: BillTerms) {
  return { candidateId, bill, kind, period, codes: lines.map(({ code }) => code) };
}

function step(state: Bill, next: Step, here: boolean): Bill {
  if (state.steps.at(-1)?.type === next.type) state.steps.pop();
  state.steps.push(next);
  return { ...state, here };
}

function attempted(state: Bill, order: string | undefined, changes: Partial<Attempt>): Bill {
  const attempt = order === undefined ? undefined : state.attempts.get(order);
  if (attempt) state.attempts.set(attempt.order, { ...attempt, ...changes });
  return state;
}

/** Asked before it was begun or told, that was before a clock was set back. */
function asked(state: Bill, order: string, askedAt: string): Bill {
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

/** Those before the last that is unresolved are so as well. */
function markUnresolved(doubts: Doubt[]): void {
  for (let at = doubts.length - 1; at >= 0; at--) {
    const doubt = doubts[at] as Doubt;
    if (doubt.unresolved) return;
    doubts[at] = { ...doubt, unresolved: true };
  }
}

/** What is known of an order for sure settles every doubt about it. */
function settled(state: Bill, order: string | undefined): Bill {
  if (order !== undefined) state.doubts.delete(order);
  return state;
}

function moved(state: Bill, transaction: string, money: Money): Bill {
  state.money.set(transaction, money);
  return state;
}

function refunding(state: Bill, transaction: string = ELSEWHERE, refund: Money['refund'] & string): Bill {
  const money = state.money.get(transaction);
  return money ? moved(state, transaction, { ...money, refund }) : state;
}
