import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/**
 * Why a person of the office is needed. `refused_reaction`: a rule refused the command of a reactor; `unknown_order`: money came for
 * an order that was never begun; `payment_unresolved`: the platform has not known the outcome of an order for a day;
 * `payment_contradicted`: its answers contradict each other; `refund_refused`: it does not give money back; `refund_elsewhere`: money
 * that the PC system took is to be given back. Of the daily reconciliation: `ours_only` (the platform does not list a payment),
 * `theirs_only` (it lists a payment that is not known here), `amount_differs`, `refund_differs`. `correction_differs`: documents are not as
 * the preview of a correction said.
 */
export type TaskKind =
  | 'refused_reaction'
  | 'unknown_order'
  | 'payment_unresolved'
  | 'payment_contradicted'
  | 'refund_refused'
  | 'refund_elsewhere'
  | 'ours_only'
  | 'theirs_only'
  | 'amount_differs'
  | 'refund_differs'
  | 'correction_differs';

/** The proposed action. */
export type Proposal = 'look' | 'refund' | 'ask_platform' | 'ask_pc_system';

/** A task 待办 of the office. It holds nothing personal: numbers of bills, orders and transactions, codes, amounts in fen. */
export interface TaskTerms {
  readonly task: string;
  readonly kind: TaskKind;
  readonly proposal: Proposal;
  readonly candidateId?: string | undefined;
  readonly about: Readonly<Record<string, string | number>>;
}

export type OfficeEvent =
  | Event<'TaskRaised', TaskTerms>
  /** The officer `by` works on it, and nobody else until then (ISO 8601, UTC). */
  | Event<'TaskTaken', { task: string; by: string; until: string }>
  | Event<'TaskGivenBack', { task: string; by: string }>
  | Event<'TaskSettled', { task: string; note: string }>;

/** What somebody of the office was shown of people, and why; who it was is in the event's metadata. */
export interface Viewing {
  readonly viewing: string;
  readonly candidateIds: readonly string[];
  /** Such as `show candidate`. */
  readonly what: string;
  readonly reason: string;
}

/** In a stream without a subject: looking changes nothing about a person. */
export type ViewingEvent = Event<'PersonViewed', Viewing>;

export const officeEvents: EventTypes<OfficeEvent | ViewingEvent> = {
  TaskRaised: [],
  TaskTaken: [],
  TaskGivenBack: [],
  TaskSettled: [],
  PersonViewed: [],
};
