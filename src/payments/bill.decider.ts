import type { Decider } from '../event-store/decider.js';
import { Refusal } from '../event-store/refusal.js';
import { same } from '../event-store/same.js';
import type { BillTerms, PaymentEvent } from './payments.events.js';
import type { RecordBill } from './record-bill.command.js';

/** What became of a bill since it was due. */
interface Step {
  readonly type: 'BillPaid' | 'BillExpired' | 'BillCancelled' | 'BillRefunded';
  readonly happenedAt?: string | undefined;
}

interface Bill {
  /** Missing until it is issued. */
  readonly terms?: BillTerms;
  /** None: it is due. */
  readonly steps: readonly Step[];
}

export const bill: Decider<Bill, PaymentEvent> = {
  initial: { steps: [] },
  evolve(state, { type, data }) {
    switch (type) {
      case 'BillIssued':
      case 'BillCorrected':
        return { ...state, terms: data };
      case 'BillPaid':
      case 'BillExpired':
      case 'BillCancelled':
      case 'BillRefunded':
        return { ...state, steps: [...state.steps, { type, happenedAt: data.happenedAt }] };
      case 'BillReopened':
        return { ...state, steps: [] };
    }
  },
};

/**
 * Says what a bill is and what became of it. What goes on from where it stood is added (paid, then refunded); where its
 * end or what it was for was reported otherwise, it is reopened and goes the new way, so that whoever counts what is
 * paid is told of both.
 * @throws Refusal bill.of_another
 */
export function recordBill(state: Bill, command: RecordBill): PaymentEvent[] {
  const { terms } = command;
  const before = state.terms;
  const steps = stepsTo(command);
  if (!before) return [{ type: 'BillIssued', data: terms }, ...steps.map((step) => taken(step, terms))];
  if (before.candidateId !== terms.candidateId) throw new Refusal('bill.of_another', { bill: terms.bill });
  const due = state.steps.length === 0;
  const goesOn = due || (same(subject(before), subject(terms)) && state.steps.every((step, at) => same(step, steps[at])));
  const events: PaymentEvent[] = [];
  if (!goesOn) events.push({ type: 'BillReopened', data: subject(before) });
  if (!same(before, terms)) events.push({ type: 'BillCorrected', data: terms });
  for (const step of goesOn ? steps.slice(state.steps.length) : steps) events.push(taken(step, terms));
  return events;
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

/** Whose bill it is, and for what. */
function subject({ candidateId, bill, kind, period, lines }: BillTerms) {
  return { candidateId, bill, kind, period, codes: lines.map(({ code }) => code) };
}
