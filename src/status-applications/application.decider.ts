import type { Decider } from '../event-store/decider.js';
import type { ApplicationEvent, ApplicationState } from './status-applications.events.js';
import { refused } from './status-applications.refusals.js';

/** A status application 考籍申请 by its last event; undefined before the first. */
type Application = ApplicationEvent | undefined;

export const application: Decider<Application, ApplicationEvent> = {
  initial: () => undefined,
  evolve: (_, event) => event,
};

const eventTypeOf = {
  draft: 'ApplicationDrafted',
  submitted: 'ApplicationSubmitted',
  approved: 'ApplicationApproved',
  rejected: 'ApplicationRejected',
  withdrawn: 'ApplicationWithdrawn',
} as const;

/**
 * Records the application and its state; each event holds all of it.
 * @throws Refusal application.of_another
 */
export function recordStatusApplication(
  state: Application,
  { state: reported }: { readonly state: ApplicationState },
  data: ApplicationEvent['data'],
): ApplicationEvent[] {
  const type = eventTypeOf[reported];
  if (state && state.data.candidateId !== data.candidateId) throw refused('application.of_another', { application: data.application });
  return state && state.type === type && isSame(state.data, data) ? [] : [{ type, data }];
}

/** Compares the text by its digest, since sealing the same text again gives another value. */
function isSame(one: ApplicationEvent['data'], other: ApplicationEvent['data']): boolean {
  return one.kind === other.kind && one.course === other.course && one.appliedOn === other.appliedOn && one.digest === other.digest;
}
