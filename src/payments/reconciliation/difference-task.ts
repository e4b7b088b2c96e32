import { deterministicId } from '../../event-store/deterministic-id.js';
import type { TaskKind, TaskTerms } from '../../office/office.events.js';
import { unknownOrderTask } from '../paying/unknown-order-task.js';
import type { ComparedMovement } from './compare-with-ledger.js';
import type { Finding } from './reconciliation.events.js';

const kinds: Partial<Readonly<Record<Finding, TaskKind>>> = {
  misplaced: 'theirs_only',
  amount_differs: 'amount_differs',
  refund_differs: 'refund_differs',
  ours_only: 'ours_only',
};

/** The task for a difference that no rule settles, with the same id for the same difference of a day. Undefined where a rule does. */
export function differenceTask(day: string, { movement, finding, candidateId, ours = {} }: ComparedMovement): TaskTerms | undefined {
  const { kind: movementKind, order, transaction, fen, channel, at } = movement;
  if (finding === 'unknown_order' && channel) return unknownOrderTask({ order, transaction, fen, channel, paidAt: at });
  const kind = finding && kinds[finding];
  if (!kind) return undefined;
  const task = deterministicId(`reconciled ${day} ${kind} ${movementKind} ${transaction} ${order}`);
  const { order: ourOrder, fen: ourFen, bill: ourBill } = ours;
  return {
    task,
    kind,
    proposal: 'ask_platform',
    candidateId,
    about: {
      day,
      movement: movementKind,
      order,
      transaction,
      fen,
      at,
      ...(ourOrder !== undefined && { ourOrder }),
      ...(ourBill !== undefined && { ourBill }),
      ...(ourFen !== undefined && { ourFen }),
    },
  };
}
