import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { CorrectionDesk } from './correction-desk.js';
import { correctionProposal, noteApplied } from './correction-proposal.decider.js';
import { correctionStream } from './corrections.streams.js';

/** Applies one chunk of an approved correction. */
export class ApplyCorrection extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly correction: string,
    readonly chunk: number,
  ) {
    super();
  }
}

export const ApplyCorrectionHandler = handlerBy(ApplyCorrection, [EventStore, CorrectionDesk], async ({ given, correction, chunk }, events, desk) => {
  const outcome = await desk.apply(correction, chunk, given.at);
  return events.decide({ given }, correctionStream(correction), correctionProposal, (state) => noteApplied(state, correction, outcome));
});
