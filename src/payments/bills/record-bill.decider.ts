import { same } from '../../event-store/same.js';
import type { BillTerms, PaymentEvent } from '../payments.events.js';
import { refused } from '../payments.refusals.js';
import { type Bill, billSubject, PC_SYSTEM, type Transition } from './bill.decider.js';

export type BillState = 'due' | 'paid' | 'expired' | 'cancelled' | 'refunded';

/** A bill as the PC system reports it; `paidAt` (instant in UTC) is of a paid or refunded one. */
export interface ReportedBill {
  readonly terms: BillTerms;
  readonly state: BillState;
  readonly paidAt?: string | undefined;
}

/**
 * Records a bill as the PC system reports it. A continuation is added (paid, then refunded). Where the report contradicts an earlier one, the
 * bill is reopened and takes the new course, so that every reader sees both. A bill that was paid, cancelled or expired here stays so,
 * because the PC system does not know of it.
 * @throws Refusal bill.of_another
 */
export function recordBill(state: Bill, reported: ReportedBill): PaymentEvent[] {
  const { terms } = reported;
  const before = state.terms;
  if (!before) return [{ type: 'BillIssued', data: terms }, ...stepsTo(reported).map((each) => taken(each, terms))];
  if (before.candidateId !== terms.candidateId) throw refused('bill.of_another', { bill: terms.bill });
  if (state.here && !isOverruled(state, reported)) return compareWithReport(state, reported, before);
  return follow(state, reported, before);
}

/** What leads from the recorded state to the reported one. */
export function follow(state: Bill, reported: ReportedBill, before: BillTerms): PaymentEvent[] {
  const { terms } = reported;
  const steps = stepsTo(reported);
  const corrected = correction(before, terms);
  const due = state.steps.length === 0;
  const goesOn = due || (same(billSubject(before), billSubject(terms)) && state.steps.every((each, at) => same(each, steps[at])));
  const events: PaymentEvent[] = [];
  if (!goesOn) events.push({ type: 'BillReopened', data: billSubject(before) });
  events.push(...corrected);
  for (const each of goesOn ? steps.slice(state.steps.length) : steps) events.push(taken(each, terms));
  return events;
}

/** Whether the report replaces an end without payment that was decided here. */
function isOverruled({ steps, terms: before }: Bill, { state, terms }: ReportedBill): boolean {
  switch (steps.at(-1)?.type) {
    case 'BillCancelled':
      return state === 'paid' || state === 'refunded';
    case 'BillExpired':
      return state === 'paid' || state === 'refunded' || (state === 'due' && (terms.dueBy ?? '9') > (before?.dueBy ?? '9'));
    default:
      return false;
  }
}

/** The report of a bill that was ended here: where both received money, the later payment is refunded. */
function compareWithReport(state: Bill, { terms, state: reported, paidAt }: ReportedBill, before: BillTerms): PaymentEvent[] {
  const [transaction, ours] = [...state.money].find(([, { refund }]) => refund === undefined) ?? [];
  if (!ours || transaction === undefined) return correction(before, terms);
  const { candidateId, bill: number, fen } = terms;
  const { kind, period, lines } = before;
  const events = correction(before, { ...terms, kind, period, lines, fen: before.fen });
  const theirs = state.money.get(PC_SYSTEM);
  if (reported === 'refunded' && theirs && theirs.refund !== 'done') {
    return [...events, { type: 'RefundDone', data: { candidateId, bill: number, fen: theirs.fen } }];
  }
  if (reported !== 'paid' || paidAt === undefined || isSecondOf(paidAt, ours.paidAt)) return events;
  if (theirs && (theirs.refund !== 'done' || isSecondOf(paidAt, theirs.paidAt))) return events;
  const why = 'paid_elsewhere';
  if (paidAt > ours.paidAt) return [...events, { type: 'RefundDue', data: { candidateId, bill: number, fen, paidAt, why } }];
  return [
    { type: 'RefundDue', data: { candidateId, bill: number, transaction, order: ours.order, fen: ours.fen, paidAt: ours.paidAt, why } },
    ...(same(billSubject(before), billSubject(terms)) ? [] : [{ type: 'BillReopened', data: billSubject(before) } satisfies PaymentEvent]),
    ...correction(before, terms),
    { type: 'BillPaid', data: { ...billSubject(terms), happenedAt: paidAt } },
  ];
}

/** Whether it is the same payment: the PC system reports a payment at the platform in whole seconds. */
function isSecondOf(one: string, other: string): boolean {
  return Math.floor(Date.parse(one) / 1_000) === Math.floor(Date.parse(other) / 1_000);
}

function correction(before: BillTerms, terms: BillTerms): PaymentEvent[] {
  return same(before, terms) ? [] : [{ type: 'BillCorrected', data: terms }];
}

/** The transitions from due to the reported state. A refund whose payment has no time is recorded without the payment. */
function stepsTo({ state, paidAt, terms }: ReportedBill): readonly Transition[] {
  switch (state) {
    case 'due':
      return [];
    case 'paid':
      return [{ type: 'BillPaid', happenedAt: paidAt }];
    case 'expired':
      return [{ type: 'BillExpired', happenedAt: terms.dueBy }];
    case 'cancelled':
      return [{ type: 'BillCancelled' }];
    case 'refunded':
      return paidAt === undefined ? [{ type: 'BillRefunded' }] : [{ type: 'BillPaid', happenedAt: paidAt }, { type: 'BillRefunded' }];
  }
}

function taken({ type, happenedAt }: Transition, terms: BillTerms): PaymentEvent {
  return { type, data: { ...billSubject(terms), happenedAt } };
}
