import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate } from '../candidate.decider.js';
import { withdrawMajor } from '../corrections/correcting.decider.js';
import { candidateStream } from '../registrations.streams.js';

/** Takes back a candidate's major that was recorded wrongly. */
export class WithdrawMajor extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly major: string,
  ) {
    super();
  }
}

export const WithdrawMajorHandler = handler(WithdrawMajor, {
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: withdrawMajor,
});
