import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { isApproverNow } from './correction-officers.js';
import { correctionProposal, returnCorrection } from './correction-proposal.decider.js';
import { correctionStream } from './corrections.streams.js';

/** An approver does not agree, and says why. */
export class ReturnCorrection extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly correction: string,
    /** The account. */
    readonly by: string,
    readonly note: string,
  ) {
    super();
  }
}

export const ReturnCorrectionHandler = handler(ReturnCorrection, {
  needs: [EventStore],
  facts: async ({ by }, events) => ({ isApprover: await isApproverNow(by, events) }),
  stream: ({ correction }) => correctionStream(correction),
  decider: correctionProposal,
  decide: returnCorrection,
});
