import type { Decider } from '../event-store/decider.js';
import type { ApplicationEvent, ApplicationState } from './status-applications.events.js';
import { refused } from './status-applications.refusals.js';

/** A status application 考籍申请 as its last event says it; nothing before the first. */
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
 * Says what was applied for and how it stands: each event says all of it.
 * @throws Refusal application.of_another
 */
export function recordStatusApplication(
  state: Application,
  { state: reached }: { readonly state: ApplicationState },
  data: ApplicationEvent['data'],
): ApplicationEvent[] {
  const type = eventTypeOf[reached];
  if (state && state.data.candidateId !== data.candidateId) throw refused('application.of_another', { application: data.application });
  return state && state.type === type && saysTheSame(state.data, data) ? [] : [{ type, data }];
}

/** The text by its digest: sealed twice, the same looks different. */
function saysTheSame(one: ApplicationEvent['data'], other: ApplicationEvent['data']): boolean {
  return one.kind === other.kind && one.course === other.course && one.appliedOn === other.appliedOn && one.digest === other.digest;
}
