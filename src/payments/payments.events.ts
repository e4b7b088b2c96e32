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

/** Repeated by every later event, so that read models of courses need no other event. */
interface OfBill {
  readonly candidateId: string;
  readonly bill: string;
  readonly kind: BillKind;
  readonly period: string;
  readonly codes: readonly string[];
  /** When it happened, where that was before it was recorded. */
  readonly happenedAt?: string | undefined;
}

/** Alipay, WeChat, UnionPay, 北京通. */
export type Channel = 'alipay' | 'wechat' | 'unionpay' | 'bjt';

/** One attempt to pay a bill at the platform. */
interface OfOrder {
  readonly candidateId: string;
  readonly bill: string;
  /** The bill's number and two digits of the attempt. */
  readonly order: string;
}

/** A payment at the platform; all fields are missing where the PC system reported the bill as paid. */
interface Paid {
  readonly order?: string | undefined;
  readonly transaction?: string | undefined;
  readonly channel?: Channel | undefined;
}

/** Set where the centre has ended the bill, of which the PC system does not know. */
interface EndedHere {
  readonly here?: true | undefined;
}

/**
 * Why money is refunded: the bill was paid already; it came after the deadline; its amount is not the order's; the bill was cancelled;
 * no such order was begun here; the PC system had reported an earlier payment.
 */
export type RefundReason = 'duplicate' | 'late' | 'wrong_amount' | 'cancelled' | 'unknown_order' | 'paid_elsewhere';

/** A refund. `transaction` is the platform's number; a payment reported by the PC system has none. */
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
  /** It is due again: its reported end was withdrawn. */
  | Event<'BillReopened', OfBill>
  /** It was recorded wrongly: as if it had never been issued. It is not paid. */
  | Event<'BillVoided', OfBill>
  /** The candidate was sent to the platform, which accepts the payment until `endsAt`. */
  | Event<'PaymentBegun', OfOrder & { fen: number; begunAt: string; endsAt: string }>
  /** The platform was asked and does not know yet. */
  | Event<'PaymentAsked', OfOrder & { askedAt: string }>
  /** The platform says that the order was not paid and cannot be paid any more. */
  | Event<'PaymentFailed', OfOrder & { failedAt: string }>
  /** The platform did not know for a day: it becomes a task of the office. */
  | Event<'PaymentUnresolved', OfOrder & { askedAt: string }>
  /** The platform contradicts an earlier statement: it becomes a task of the office. */
  | Event<'PaymentContradicted', OfOrder & { said: 'failed' | 'another_amount'; transaction?: string | undefined; fen?: number | undefined }>
  /** A notification with another amount than the order or the ledger has. It counts as no payment until the platform was asked. */
  | Event<'PaymentDoubted', OfOrder & { transaction: string; fen: number; channel: Channel; paidAt: string; toldAt: string }>
  /** The platform was asked about a doubted payment, and the ledger agrees with its answer. */
  | Event<'DoubtSettled', OfOrder & { settledAt: string }>
  | Event<'RefundDue', OfRefund & { why: RefundReason; order?: string | undefined; channel?: Channel | undefined; paidAt: string }>
  /** The platform was asked for the refund, and is processing it. */
  | Event<'RefundRequested', OfRefund & { requestedAt: string }>
  /** The platform was asked again, and is still processing it. */
  | Event<'RefundAsked', OfRefund & { askedAt: string }>
  | Event<'RefundDone', OfRefund & { refundedAt?: string | undefined }>
  /** The platform refuses the refund: it becomes a task of the office. */
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
  BillVoided: [],
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
