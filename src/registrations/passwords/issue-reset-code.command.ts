import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate, issueResetCode } from '../candidate.decider.js';
import { candidateStream } from '../registrations.streams.js';

/** Issues a one-time code for a new password, after the office has checked the person. */
export class IssueResetCode extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** Its keyed hash, in base64url. */
    readonly code: string,
    /** The end of its validity: ISO 8601, UTC. */
    readonly until: string,
    /** The districts of the officer who issues it; undefined where candidates of all may have one. */
    readonly districts?: readonly string[],
  ) {
    super();
  }
}

export const IssueResetCodeHandler = handler(IssueResetCode, {
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: issueResetCode,
});
