import type { PaymentEvent } from '../payments/payments.events.js';
import { reactor } from '../reactions/reactor.js';
import { RaiseTask } from './raise-task.command.js';

/** Raises a task for whatever no rule can decide. */
export const tasks = reactor<PaymentEvent>({
  name: 'tasks',
  importedEvents: ['RefundDue'], // only an imported payment of the PC system can show that a bill was paid twice
  on: {
    PaymentUnresolved: ({ id, data: { candidateId, bill, order } }, given) =>
      new RaiseTask(given, { task: id, kind: 'payment_unresolved', proposal: 'ask_platform', candidateId, about: { bill, order } }),
    PaymentContradicted: ({ id, data: { candidateId, bill, order, said, transaction, fen } }, given) =>
      new RaiseTask(given, {
        task: id,
        kind: 'payment_contradicted',
        proposal: 'ask_platform',
        candidateId,
        about: { bill, order, said, ...(transaction !== undefined && { transaction }), ...(fen !== undefined && { fen }) },
      }),
    RefundDue: ({ id, data: { candidateId, bill, transaction, fen, paidAt } }, given) =>
      transaction === undefined
        ? new RaiseTask(given, { task: id, kind: 'refund_elsewhere', proposal: 'ask_pc_system', candidateId, about: { bill, fen, paidAt } })
        : undefined,
    RefundRefused: ({ id, data: { candidateId, bill, transaction, fen, why } }, given) =>
      new RaiseTask(given, {
        task: id,
        kind: 'refund_refused',
        proposal: 'refund',
        candidateId,
        about: { bill, fen, why, ...(transaction !== undefined && { transaction }) },
      }),
  },
});
