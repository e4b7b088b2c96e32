import { Catalogue } from '../../catalogue/catalogue.js';
import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate } from '../candidate.decider.js';
import { confirmSite } from '../corrections/correcting.decider.js';
import { candidateStream } from '../registrations.streams.js';
import { confirmationWindows } from './confirmation-window.js';

/** Confirms a candidate on site 现场确认. `district`: the office that does; without it the city authority corrects what was recorded, at any time. */
export class ConfirmSite extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly district?: string | undefined,
  ) {
    super();
  }
}

export const ConfirmSiteHandler = handler(ConfirmSite, {
  needs: [Catalogue],
  facts: ({ given }, catalogue) => confirmationWindows(catalogue, given.at),
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: confirmSite,
});
