import type { BillTerms, PaymentEvent } from '../../payments.events.js';
import { refused } from '../../payments.refusals.js';
import { type Bill, billSubject, openAttempt, PC_SYSTEM } from '../bill.decider.js';
import { type BillState, follow } from '../record-bill.decider.js';

interface OfBill {
  readonly candidateId: string;
}

/** The state of a bill; `paidAt` (instant in UTC) is of a paid or refunded one. */
export interface BillStatus {
  readonly state: BillState;
  readonly paidAt?: string | undefined;
}

const STATES = { BillPaid: 'paid', BillExpired: 'expired', BillCancelled: 'cancelled', BillRefunded: 'refunded' } as const;

export function billStatus({ steps }: Pick<Bill, 'steps'>): BillStatus {
  const last = steps.at(-1);
  return { state: last ? STATES[last.type] : 'due', paidAt: steps.find(({ type }) => type === 'BillPaid')?.happenedAt };
}

/**
 * Corrects the state of a bill, or when it was paid; its terms stay. Where it was in another state, it is reopened first. What the
 * platform has said is not corrected by hand: that is for refunds and the reconciliation.
 * @throws Refusal bill.unknown, bill.at_platform, bill.no_paid_at, bill.needless_paid_at
 */
export function correctBill(bill: Bill, { candidateId, state, paidAt }: OfBill & BillStatus): PaymentEvent[] {
  const terms = correctableTerms(bill, candidateId);
  const isPaid = state === 'paid' || state === 'refunded';
  if (!isPaid && paidAt !== undefined) throw refused('bill.needless_paid_at', { bill: terms.bill });
  const at = isPaid ? (paidAt ?? billStatus(bill).paidAt) : undefined;
  if (state === 'paid' && at === undefined) throw refused('bill.no_paid_at', { bill: terms.bill });
  return follow(bill, { terms, state, paidAt: at }, terms);
}

/**
 * Takes back a bill that should never have been recorded; one that is paid is reopened first.
 * @param issuedHere an enrolment or a declaration waits for it while it is due
 * @throws Refusal bill.unknown, bill.at_platform, bill.not_ended, bill.has_receipt
 */
export function voidBill(bill: Bill, { candidateId }: OfBill, issuedHere: boolean): PaymentEvent[] {
  const terms = correctableTerms(bill, candidateId);
  const data = billSubject(terms);
  const { state } = billStatus(bill);
  if (bill.attempts.size > 0) throw refused('bill.at_platform', { bill: terms.bill });
  if (issuedHere && (state === 'due' || state === 'paid')) throw refused('bill.not_ended', { bill: terms.bill });
  if (bill.receipt) throw refused('bill.has_receipt', { bill: terms.bill });
  const voided: PaymentEvent = { type: 'BillVoided', data };
  return state === 'paid' ? [{ type: 'BillReopened', data }, voided] : [voided];
}

/** A bill of another candidate is none. */
function correctableTerms(bill: Bill, candidateId: string): BillTerms {
  const { terms, money, doubts } = bill;
  if (terms?.candidateId !== candidateId) throw refused('bill.unknown');
  const isAtPlatform = [...money].some(([transaction, { refund }]) => transaction !== PC_SYSTEM || refund !== undefined);
  if (isAtPlatform || openAttempt(bill) || doubts.size > 0) throw refused('bill.at_platform', { bill: terms.bill });
  return terms;
}
