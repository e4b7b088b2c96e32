import type { Decider } from '../event-store/decider.js';
import type { ApplicationDetails, ApplicationEvent, ApplicationState, ApplicationText } from './status-applications.events.js';
import { refused } from './status-applications.refusals.js';

/** A status application 考籍申请 by its last event; undefined where there is none. */
type Application = { readonly state: ApplicationState; readonly details: ApplicationDetails } | undefined;

const STATES = {
  ApplicationDrafted: 'draft',
  ApplicationSubmitted: 'submitted',
  ApplicationApproved: 'approved',
  ApplicationRejected: 'rejected',
  ApplicationWithdrawn: 'withdrawn',
} as const;

export const application: Decider<Application, ApplicationEvent> = {
  initial: () => undefined,
  evolve: (_, { type, data }) => (type === 'ApplicationVoided' ? undefined : { state: STATES[type], details: data }),
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
export function recordStatusApplication(known: Application, { state }: { readonly state: ApplicationState }, data: ApplicationDetails): ApplicationEvent[] {
  if (known && known.details.candidateId !== data.candidateId) throw refused('application.of_another', { application: data.application });
  return known && known.state === state && isSame(known.details, data) ? [] : [{ type: eventTypeOf[state], data }];
}

/** Compares the text by its digest, since sealing the same text again gives another value. */
function isSame(one: ApplicationDetails, other: ApplicationDetails): boolean {
  return one.kind === other.kind && one.course === other.course && one.appliedOn === other.appliedOn && one.digest === other.digest;
}

interface OfApplication {
  readonly candidateId: string;
  readonly application: string;
}

/** What is corrected of an application; what is not named stays. */
export interface ApplicationChanges {
  readonly state?: ApplicationState | undefined;
  readonly appliedOn?: string | undefined;
  readonly remark?: string | undefined;
}

/** Opens a text and seals it with what is changed in it. */
export type ChangeText = (text: ApplicationDetails['text'], changes: Partial<ApplicationText>) => Pick<ApplicationDetails, 'text' | 'digest'>;

/** Corrects what is named of an application. @throws Refusal application.unknown */
export function correctApplication(
  known: Application,
  { candidateId, changes }: OfApplication & { readonly changes: ApplicationChanges },
  changeText: ChangeText,
): ApplicationEvent[] {
  const { state, details } = applicationOf(known, candidateId);
  const { remark, appliedOn = details.appliedOn } = changes;
  const text = remark === undefined ? {} : changeText(details.text, { remark });
  return recordStatusApplication(known, { state: changes.state ?? state }, { ...details, appliedOn, ...text });
}

/** Takes back an application that should never have been recorded. @throws Refusal application.unknown */
export function voidApplication(known: Application, { candidateId, application }: OfApplication): ApplicationEvent[] {
  applicationOf(known, candidateId);
  return [{ type: 'ApplicationVoided', data: { candidateId, application } }];
}

/** An application of another candidate is none. */
function applicationOf(known: Application, candidateId: string): NonNullable<Application> {
  if (known?.details.candidateId !== candidateId) throw refused('application.unknown');
  return known;
}
