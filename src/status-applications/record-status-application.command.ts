import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { Safes } from '../vault/vault.js';
import { application, recordStatusApplication } from './application.decider.js';
import type { ApplicationKind, ApplicationState, ApplicationText } from './status-applications.events.js';
import { applicationStream } from './status-applications.streams.js';

/** The application; `course` is an exemption's, `appliedOn` a date. */
export interface ApplicationTerms {
  readonly candidateId: string;
  readonly application: string;
  readonly kind: ApplicationKind;
  readonly course?: string | undefined;
  readonly appliedOn?: string | undefined;
}

/** Records a status application 考籍申请 as it is reported. */
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

export const RecordStatusApplicationHandler = handler(RecordStatusApplication, {
  needs: [Safes],
  facts: async ({ terms, text }, safes) => {
    const safe = await safes.safe(terms.candidateId);
    return { ...terms, text: safe.seal(text), digest: safe.digest(text) };
  },
  stream: ({ terms }) => applicationStream(terms.application, terms.candidateId),
  decider: application,
  decide: recordStatusApplication,
});
