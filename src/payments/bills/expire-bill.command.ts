import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { billStream } from '../payments.streams.js';
import { bill, expireBill } from './bill.decider.js';

/** The bill's deadline has come. */
export class ExpireBill extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly bill: string,
  ) {
    super();
  }
}

export const ExpireBillHandler = handler(ExpireBill, {
  stream: ({ bill: number }) => billStream(number),
  decider: bill,
  decide: (state, { given }) => expireBill(state, given.at),
});
