import type { Event } from '../../event-store/event.js';
import type { EventTypes } from '../../event-store/event-types.js';

/**
 * The result of comparing a movement of the platform's daily file with our ledger. `matched`: both have it; `paid_twice`: both have it, and
 * it is refunded because its bill was paid already; `theirs_only`: only the file had it, and it was recorded; `unknown_order`: a payment
 * for an order of no bill of ours; `misplaced`: our ledger has it for another order; `amount_differs`; `ours_only`: the file lacks it. Of
 * refunds: `refund_matched`; `refund_noted`: the ledger did not have it as done, and it was recorded; `refund_differs`.
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

/** A number of movements, and their amount in fen. */
export interface Sum {
  readonly count: number;
  readonly fen: number;
}

export type Findings = Readonly<Record<Finding, Sum>>;

/** A day in Beijing (`2026-11-22`); `fen`: the platform's payments less its refunds. */
export type ReconciliationEvent = Event<'DayReconciled', { day: string; fen: number; findings: Findings }>;

export const reconciliationEvents: EventTypes<ReconciliationEvent> = { DayReconciled: [] };
