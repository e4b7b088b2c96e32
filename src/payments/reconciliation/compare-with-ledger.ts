import type { Recorded } from '../../event-store/event.js';
import { foldBill } from '../bills/bill-history.js';
import type { PaymentEvent } from '../payments.events.js';
import { billOfOrder } from '../payments.streams.js';
import type { Movement } from './daily-file.js';
import type { Finding } from './reconciliation.events.js';

/** A movement of the platform compared with our ledger. */
export interface ComparedMovement {
  readonly movement: Omit<Movement, 'channel'> & Partial<Pick<Movement, 'channel'>>;
  /** Undefined: the ledger does not have it yet, and it can be recorded. */
  readonly finding: Finding | undefined;
  readonly candidateId?: string | undefined;
  /** The ledger's bill, order or amount (fen) where it differs. */
  readonly ours?: { readonly bill?: string; readonly order?: string | undefined; readonly fen?: number };
}

/**
 * Compares a movement with the events of its order's bill.
 * @param by the id of the command with which this day's reconciliation records the movement, to recognise what it recorded before
 */
export function compareWithLedger(movement: Movement, history: readonly Recorded<PaymentEvent>[], by: string): ComparedMovement {
  const { kind, order, transaction, fen } = movement;
  const { terms, money } = foldBill(history);
  const ours = money.get(transaction);
  const found = (finding: Finding | undefined): ComparedMovement => ({ movement, finding, candidateId: terms?.candidateId });
  if (!terms || billOfOrder(order) !== terms.bill) return found(kind === 'payment' ? 'unknown_order' : 'refund_differs');
  if (!ours) return found(kind === 'payment' ? undefined : 'refund_differs');
  if (ours.order !== order) return { ...found(kind === 'payment' ? 'misplaced' : 'refund_differs'), ours: { order: ours.order } };
  if (ours.fen !== fen) return { ...found(kind === 'payment' ? 'amount_differs' : 'refund_differs'), ours: { fen: ours.fen } };
  return found(kind === 'payment' ? paymentFound(transaction, history, by) : refundFound(ours.refund, transaction, history, by));
}

function paymentFound(transaction: string, history: readonly Recorded<PaymentEvent>[], by: string): Finding {
  const told = history.filter(({ type, data }) => (type === 'BillPaid' || type === 'RefundDue') && data.transaction === transaction);
  if (told.some(({ type, data }) => type === 'RefundDue' && (data.why === 'duplicate' || data.why === 'paid_elsewhere'))) return 'paid_twice';
  return told[0]?.metadata.command === by ? 'theirs_only' : 'matched';
}

function refundFound(
  refund: 'due' | 'requested' | 'done' | 'refused' | undefined,
  transaction: string,
  history: readonly Recorded<PaymentEvent>[],
  by: string,
): Finding | undefined {
  switch (refund) {
    case 'due':
    case 'requested':
      return undefined;
    case 'done': {
      const done = history.find(({ type, data }) => type === 'RefundDone' && data.transaction === transaction);
      return done?.metadata.command === by ? 'refund_noted' : 'refund_matched';
    }
    default:
      return 'refund_differs';
  }
}
