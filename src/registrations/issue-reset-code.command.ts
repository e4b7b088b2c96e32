import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { candidate, issueResetCode } from './candidate.decider.js';
import { candidateStream } from './registrations.streams.js';

/** An office hands out a one-time code for a new password, after it has checked the person. */
export class IssueResetCode extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    /** Its keyed hash, in base64url. */
    readonly code: string,
    /** Until when it is good: ISO 8601, UTC. */
    readonly until: string,
  ) {
    super();
  }
}

@CommandHandler(IssueResetCode)
export class IssueResetCodeHandler implements ICommandHandler<IssueResetCode> {
  constructor(private readonly events: EventStore) {}

  execute(command: IssueResetCode) {
    return this.events.decide(command, candidateStream(command.candidateId), candidate, (state) => issueResetCode(state, command));
  }
}
