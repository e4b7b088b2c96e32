import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { type Attempt, bill, openAttempt } from '../bills/bill.decider.js';
import { foldBill, loadBill } from '../bills/bill-history.js';
import { billStream } from '../payments.streams.js';
import { beginPayment } from './payment.decider.js';

/** The new attempt, or the open one that is continued. */
export interface BegunPayment extends Appended {
  /** Undefined where the command is a repeat and its order has ended since. */
  readonly attempt: Attempt | undefined;
}

/** The candidate begins to pay a bill. */
export class BeginPayment extends Command<BegunPayment> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly candidateId: string,
  ) {
    super();
  }
}

export const BeginPaymentHandler = handlerBy(BeginPayment, [EventStore], async (command, events): Promise<BegunPayment> => {
  const { bill: number, candidateId } = command;
  let attempt: Attempt | undefined;
  const appended = await events.decide(command, billStream(number, candidateId), bill, (state) => {
    const begun = beginPayment(state, command);
    attempt = openAttempt(state) ?? openAttempt(foldBill(begun));
    return begun;
  });
  // a repeated command is not decided again
  return { ...appended, attempt: attempt ?? openAttempt(await loadBill(events, number)) };
});
