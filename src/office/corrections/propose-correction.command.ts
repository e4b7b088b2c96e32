import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { assertProposer } from './correction-officers.js';
import { correctionProposal, proposeCorrection } from './correction-proposal.decider.js';
import type { ProposalTerms } from './corrections.events.js';
import { correctionStream } from './corrections.streams.js';

/** An officer proposes a correction whose rows are listed. */
export class ProposeCorrection extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: ProposalTerms,
  ) {
    super();
  }
}

export const ProposeCorrectionHandler = handler(ProposeCorrection, {
  needs: [EventStore],
  facts: ({ terms: { by, kind } }, events) => assertProposer(by, kind, events),
  stream: ({ terms: { correction } }) => correctionStream(correction),
  decider: correctionProposal,
  decide: (state, { terms }) => proposeCorrection(state, terms),
});
