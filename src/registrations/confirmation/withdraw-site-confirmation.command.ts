import { Catalogue } from '../../catalogue/catalogue.js';
import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate } from '../candidate.decider.js';
import { withdrawSiteConfirmation } from '../corrections/correcting.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { confirmationWindows } from './confirmation-window.js';

/** Takes back that a candidate was confirmed on site. `district`: as of ConfirmSite. */
export class WithdrawSiteConfirmation extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly district?: string | undefined,
  ) {
    super();
  }
}

export const WithdrawSiteConfirmationHandler = handler(WithdrawSiteConfirmation, {
  needs: [Catalogue],
  facts: ({ given }, catalogue) => confirmationWindows(catalogue, given.at),
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: withdrawSiteConfirmation,
});
