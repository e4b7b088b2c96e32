import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

export type BillKind = 'enrolment' | 'thesis' | 'degree';

/** One line: a course (enrolment) or a major (thesis, degree) by its code, and its amount in fen. */
export interface BillLine {
  readonly code: string;
  readonly fen: number;
}

/** `period` is an exam period, or for thesis and degree a declaration period's code. Instants in UTC. */
export interface BillTerms {
  readonly candidateId: string;
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly lines: readonly BillLine[];
  readonly fen: number;
  readonly createdAt: string;
  readonly dueBy?: string | undefined;
}

/** What every later event repeats, so that whatever shows the bill's courses can be told from it alone. */
interface OfBill {
  readonly candidateId: string;
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
  /** When it happened, where that was before it was recorded. */
  readonly happenedAt?: string | undefined;
}

/** By what a candidate paid: Alipay, WeChat, UnionPay, 北京通. */
export type Channel = 'alipay' | 'wechat' | 'unionpay' | 'bjt';

/** One attempt to pay a bill at the platform. */
interface OfOrder {
  readonly candidateId: string;
  readonly bill: string;
  /** The bill's number and two digits of the attempt. */
  readonly order: string;
}

/**
 * Money that the platform took. A bill that came as paid from elsewhere has none; `happenedAt` is then when that was.
 */
interface Paid {
  readonly order?: string | undefined;
  readonly transaction?: string | undefined;
  readonly channel?: Channel | undefined;
}

/** Set where the bill was ended by the centre and not by what the PC system reports: that does not know of it. */
interface EndedHere {
  readonly here?: true | undefined;
}

/**
 * Why money goes back: the bill was paid already; after its deadline; another amount than the order's; the bill was
 * cancelled; no such order was begun here; the PC system had reported an earlier payment.
 */
export type RefundReason = 'duplicate' | 'late' | 'wrong_amount' | 'cancelled' | 'unknown_order' | 'paid_elsewhere';

/** Money to be given back. `transaction` is the platform's number; of a payment reported by the PC system there is none. */
interface OfRefund {
  readonly candidateId: string;
  readonly bill: string;
  readonly transaction?: string | undefined;
  readonly fen: number;
}

/** A fiscal receipt 财政电子票据: code 8 digits, number 10, check code. */
export interface Receipt {
  readonly code: string;
  readonly number: string;
  readonly checkCode: string;
  readonly issuedAt?: string | undefined;
}

export type PaymentEvent =
  | Event<'BillIssued', BillTerms>
  | Event<'BillCorrected', BillTerms>
  | Event<'BillPaid', OfBill & Paid>
  | Event<'BillExpired', OfBill & EndedHere>
  | Event<'BillCancelled', OfBill & EndedHere>
  | Event<'BillRefunded', OfBill>
  /** Back to unpaid: what was reported as its end is taken back. */
  | Event<'BillReopened', OfBill>
  /** The phone was sent to the platform, which takes the money until `endsAt`. */
  | Event<'PaymentBegun', OfOrder & { fen: number; begunAt: string; endsAt: string }>
  /** The platform was asked and does not know yet. */
  | Event<'PaymentAsked', OfOrder & { askedAt: string }>
  /** The platform says that nothing was paid, and that nothing can be any more. */
  | Event<'PaymentFailed', OfOrder & { failedAt: string }>
  /** A day has gone by and the platform does not know: a person has to find out. */
  | Event<'PaymentUnresolved', OfOrder & { askedAt: string }>
  /** The platform says something that does not agree with what it said before: a person has to find out. */
  | Event<'PaymentContradicted', OfOrder & { said: 'failed' | 'another_amount'; transaction?: string | undefined; fen?: number | undefined }>
  /**
   * A notification speaks of another amount than the order's, or than the books have. It is no money yet: the platform is asked, and
   * its answer about the order decides.
   */
  | Event<'PaymentDoubted', OfOrder & { transaction: string; fen: number; channel: Channel; paidAt: string; toldAt: string }>
  /** The platform was asked about a doubted payment, and the books have it as it says. */
  | Event<'DoubtSettled', OfOrder & { settledAt: string }>
  | Event<'RefundDue', OfRefund & { why: RefundReason; order?: string | undefined; channel?: Channel | undefined; paidAt: string }>
  /** The platform was asked to give it back, and is at it. */
  | Event<'RefundRequested', OfRefund & { requestedAt: string }>
  /** It was asked again, and is still at it. */
  | Event<'RefundAsked', OfRefund & { askedAt: string }>
  | Event<'RefundDone', OfRefund & { refundedAt?: string | undefined }>
  /** The platform does not give it back: a person has to. */
  | Event<'RefundRefused', OfRefund & { refusedAt: string; why: string }>
  | Event<'ReceiptIssued', { candidateId: string; bill: string } & Receipt>;

export const paymentEvents: EventTypes<PaymentEvent> = {
  BillIssued: [],
  BillCorrected: [],
  BillPaid: [],
  BillExpired: [],
  BillCancelled: [],
  BillRefunded: [],
  BillReopened: [],
  PaymentBegun: [],
  PaymentAsked: [],
  PaymentFailed: [],
  PaymentUnresolved: [],
  PaymentContradicted: [],
  PaymentDoubted: [],
  DoubtSettled: [],
  RefundDue: [],
  RefundRequested: [],
  RefundAsked: [],
  RefundDone: [],
  RefundRefused: [],
  ReceiptIssued: [],
};
