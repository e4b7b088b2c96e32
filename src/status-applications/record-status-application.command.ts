import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Vault } from '../vault/vault.js';
import { application, recordStatusApplication } from './application.decider.js';
import type { ApplicationKind, ApplicationState, ApplicationText } from './status-applications.events.js';
import { applicationStream } from './status-applications.streams.js';

/** What is applied for: `course` is an exemption's, `appliedOn` a date. */
export interface ApplicationTerms {
  readonly candidateId: string;
  readonly application: string;
  readonly kind: ApplicationKind;
  readonly course?: string | undefined;
  readonly appliedOn?: string | undefined;
}

/** A status application 考籍申请 as it stands elsewhere. */
export class RecordStatusApplication extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: ApplicationTerms,
    readonly state: ApplicationState,
    readonly text: ApplicationText,
  ) {
    super();
  }
}

@CommandHandler(RecordStatusApplication)
export class RecordStatusApplicationHandler implements ICommandHandler<RecordStatusApplication> {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async execute(command: RecordStatusApplication) {
    const { terms, text } = command;
    const safe = await this.vault.safe(terms.candidateId);
    const data = { ...terms, text: safe.seal(text), digest: safe.digest(text) };
    const stream = applicationStream(terms.application, terms.candidateId);
    return this.events.decide(command, stream, application, (state) => recordStatusApplication(state, command, data));
  }
}
