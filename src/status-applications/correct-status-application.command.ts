import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { type Safe, Safes } from '../vault/vault.js';
import type { ApplicationChanges, ChangeText } from './application.decider.js';
import { application, correctApplication } from './application.decider.js';
import { applicationStream } from './status-applications.streams.js';

/** Corrects what is named of a status application. */
export class CorrectStatusApplication extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly application: string,
    readonly changes: ApplicationChanges,
  ) {
    super();
  }
}

export const CorrectStatusApplicationHandler = handler(CorrectStatusApplication, {
  needs: [Safes],
  facts: async ({ candidateId }, vault) => changeTextBy(await vault.safe(candidateId)),
  stream: ({ application, candidateId }) => applicationStream(application, candidateId),
  decider: application,
  decide: correctApplication,
});

/** How a text is changed that only its candidate's key opens. */
export function changeTextBy(safe: Safe): ChangeText {
  return (sealed, changes) => {
    const text = { remark: '', detail: '', ...safe.open(sealed), ...changes };
    return { text: safe.seal(text), digest: safe.digest(text) };
  };
}
