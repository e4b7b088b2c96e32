import type { Event } from '../../event-store/event.js';
import type { EventTypes } from '../../event-store/event-types.js';

/**
 * What comes of one movement when the platform's daily file and our books are laid side by side.
 * `matched`: both have it; `paid_twice`: both have it, and it goes back because its bill was paid already; `theirs_only`: only the
 * file had it, and it was taken as a notification is; `unknown_order`: money for an order of no bill of ours; `misplaced`: our
 * books have it for another order; `amount_differs`; `ours_only`: the file lacks it. Of money that went back: `refund_matched`;
 * `refund_noted`: we did not know yet that it was done; `refund_differs`.
 */
export type Finding =
  | 'matched'
  | 'paid_twice'
  | 'theirs_only'
  | 'unknown_order'
  | 'misplaced'
  | 'amount_differs'
  | 'refund_matched'
  | 'refund_noted'
  | 'refund_differs'
  | 'ours_only';

/** How many, and how much in fen. */
export interface Sum {
  readonly count: number;
  readonly fen: number;
}

export type Findings = Readonly<Record<Finding, Sum>>;

/** A day in Beijing (`2026-11-22`); `fen`: what the platform took less what it gave back. */
export type ReconciliationEvent = Event<'DayReconciled', { day: string; fen: number; findings: Findings }>;

export const reconciliationEvents: EventTypes<ReconciliationEvent> = { DayReconciled: [] };
