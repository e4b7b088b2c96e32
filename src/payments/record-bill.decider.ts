import { Refusal } from '../event-store/refusal.js';
import { same } from '../event-store/same.js';
import { type Bill, ELSEWHERE, type Step, subject } from './bill.decider.js';
import type { BillTerms, PaymentEvent } from './payments.events.js';
import type { RecordBill } from './record-bill.command.js';

/**
 * Says what a bill is and what became of it, as the PC system reports it. What goes on from where it stood is added (paid,
 * then refunded); where its end or what it was for was reported otherwise, it is reopened and goes the new way, so that
 * whoever counts what is paid is told of both. What was paid, cancelled or expired here the PC system does not know: it stays.
 * @throws Refusal bill.of_another
 */
export function recordBill(state: Bill, command: RecordBill): PaymentEvent[] {
  const { terms } = command;
  const before = state.terms;
  const steps = stepsTo(command);
  if (!before) return [{ type: 'BillIssued', data: terms }, ...steps.map((each) => taken(each, terms))];
  if (before.candidateId !== terms.candidateId) throw new Refusal('bill.of_another', { bill: terms.bill });
  const corrected: PaymentEvent[] = same(before, terms) ? [] : [{ type: 'BillCorrected', data: terms }];
  if (state.here && !isOverruled(state, command)) return [...corrected, ...besideOurs(state, command)];
  const due = state.steps.length === 0;
  const goesOn = due || (same(subject(before), subject(terms)) && state.steps.every((each, at) => same(each, steps[at])));
  const events: PaymentEvent[] = [];
  if (!goesOn) events.push({ type: 'BillReopened', data: subject(before) });
  events.push(...corrected);
  for (const each of goesOn ? steps.slice(state.steps.length) : steps) events.push(taken(each, terms));
  return events;
}

/** Whether what the PC system reports takes the place of an end without money that came about here. */
function isOverruled({ steps, terms: before }: Bill, { state, terms }: RecordBill): boolean {
  switch (steps.at(-1)?.type) {
    case 'BillCancelled':
      return state === 'paid' || state === 'refunded';
    case 'BillExpired':
      return state === 'paid' || state === 'refunded' || (state === 'due' && (terms.dueBy ?? '9') > (before?.dueBy ?? '9'));
    default:
      return false;
  }
}

/** What the PC system reports of a bill that was paid here: of two payments the later one is to be given back. */
function besideOurs(state: Bill, { terms, state: reported, paidAt }: RecordBill): PaymentEvent[] {
  const { candidateId, bill: number, fen } = terms;
  const [transaction, ours] = [...state.money].find(([, { refund }]) => refund === undefined) ?? [];
  const theirs = state.money.get(ELSEWHERE);
  if (!ours || transaction === undefined) return [];
  if (reported === 'refunded') {
    return theirs && theirs.refund !== 'done' ? [{ type: 'RefundDone', data: { candidateId, bill: number, fen: theirs.fen } }] : [];
  }
  if (reported !== 'paid' || paidAt === undefined || paidAt === ours.paidAt || theirs?.paidAt === paidAt) return [];
  const why = 'paid_elsewhere';
  if (paidAt > ours.paidAt) return [{ type: 'RefundDue', data: { candidateId, bill: number, fen, paidAt, why } }];
  return [
    { type: 'RefundDue', data: { candidateId, bill: number, transaction, order: ours.order, fen: ours.fen, paidAt: ours.paidAt, why } },
    { type: 'BillPaid', data: { ...subject(terms), happenedAt: paidAt } },
  ];
}

/** From due to the state that is reported. A refund whose payment has no time is told without the payment. */
function stepsTo({ state, paidAt, terms }: RecordBill): readonly Step[] {
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

function taken({ type, happenedAt }: Step, terms: BillTerms): PaymentEvent {
  return { type, data: { ...subject(terms), happenedAt } };
}
