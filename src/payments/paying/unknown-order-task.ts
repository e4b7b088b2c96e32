import { deterministicId } from '../../event-store/deterministic-id.js';
import type { TaskTerms } from '../../office/office.events.js';
import type { Payment } from '../platform/payment-platform.js';

/** The office's task for a payment of an unknown order; its id is the same for a notification and a daily file. */
export function unknownOrderTask({ order, transaction, fen, channel, paidAt }: Payment): TaskTerms {
  return { task: unknownOrderTaskId(order, transaction), kind: 'unknown_order', proposal: 'refund', about: { order, transaction, fen, channel, paidAt } };
}

export function unknownOrderTaskId(order: string, transaction: string): string {
  return deterministicId(`unknown order ${order} ${transaction}`);
}
