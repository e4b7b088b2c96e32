import { Command } from '@nestjs/cqrs';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { type Attempt, bill, openAttempt } from '../bills/bill.decider.js';
import { billNumbered } from '../bills/bill-history.js';
import { billStream } from '../payments.streams.js';
import { beginPayment } from './payment.decider.js';

/** What a payment was begun with, or goes on with when it was begun before. */
export interface Begun extends Appended {
  /** Undefined where the repeated command's order has ended since. */
  readonly attempt: Attempt | undefined;
}

/** The candidate wants to pay a bill now. */
export class BeginPayment extends Command<Begun> {
  constructor(
    readonly given: Given,
    readonly bill: string,
    readonly candidateId: string,
  ) {
    super();
  }
}

export const BeginPaymentHandler = handlerBy(BeginPayment, [EventStore], async (command, events): Promise<Begun> => {
  const { bill: number, candidateId } = command;
  const appended = await events.decide(command, billStream(number, candidateId), bill, (state) => beginPayment(state, command));
  return { ...appended, attempt: openAttempt(await billNumbered(events, number)) };
});
