import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { activeDuties } from '../officers/active-officer.js';
import { CorrectionDesk } from './correction-desk.js';
import { assertMaySee, mayProposeAll } from './correction-officers.js';
import { approveCorrection, correctionProposal } from './correction-proposal.decider.js';
import { noteSeen } from './correction-rows.js';
import { correctionStream } from './corrections.streams.js';

/** An officer agrees to the preview with this fingerprint. */
export class ApproveCorrection extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly correction: string,
    /** The account. */
    readonly by: string,
    /** Of the preview that was shown. */
    readonly fingerprint: string,
    /** Alone, where a second person is needed. */
    readonly emergency: boolean,
  ) {
    super();
  }
}

/** The preview is made again, and what was seen of each chunk is recorded before the approval names it. */
export const ApproveCorrectionHandler = handlerBy(ApproveCorrection, [EventStore, CorrectionDesk], async (command, events, desk) => {
  const { given, correction, by } = command;
  const terms = await assertMaySee(by, correction, (await desk.proposal(correction)).terms, events);
  const duties = await activeDuties(by, events);
  const digests: Readonly<Record<string, string>>[] = [];
  const { fingerprint, changes, second } = await desk.preview(correction, given.at, (_, candidates) => {
    digests.push(Object.fromEntries(candidates.map(({ candidateId, digest }) => [candidateId, digest])));
  });
  const undone = terms.undoes === undefined ? undefined : await desk.proposal(terms.undoes);
  const facts = {
    isApprover: duties.roles.includes('approver'),
    mayPropose: await mayProposeAll(duties, terms, events),
    undone,
    fingerprint,
    changes,
    second,
  };
  const approval = given.id;
  const decide = (state: Parameters<typeof approveCorrection>[0]) => approveCorrection(state, { ...command, approval }, facts);
  const proposal = await desk.proposal(correction);
  if (proposal.approval?.id !== approval) {
    decide(proposal); // what is refused leaves nothing
    for (const [chunk, seen] of digests.entries()) await noteSeen(events, correction, approval, chunk, seen, given.at);
  }
  return events.decide({ given }, correctionStream(correction), correctionProposal, decide);
});
