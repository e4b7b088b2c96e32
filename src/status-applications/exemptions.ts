import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/reading/fold-history.js';
import type { ApplicationDetails, ApplicationEvent, ApplicationState } from './status-applications.events.js';

interface Exemptions {
  /** Courses whose exemption is approved. */
  readonly exempted: ReadonlySet<string>;
  /** Courses whose exemption is submitted and not decided. */
  readonly pending: ReadonlySet<string>;
}

/** The exemptions 免考 of a candidate, by the candidate's events. @throws StoreUnavailable */
export function exemptions(history: readonly Recorded[]): Exemptions {
  const latest = new Map<string, { readonly course: string; readonly state: ApplicationState }>();
  const setState = (state: ApplicationState) => (data: ApplicationDetails) => {
    if (data.kind !== 'exemption') return;
    if (data.course === undefined) latest.delete(data.application);
    else latest.set(data.application, { course: data.course, state });
  };
  foldHistory<ApplicationEvent>(history, {
    ApplicationDrafted: setState('draft'),
    ApplicationSubmitted: setState('submitted'),
    ApplicationApproved: setState('approved'),
    ApplicationRejected: setState('rejected'),
    ApplicationWithdrawn: setState('withdrawn'),
    ApplicationVoided: ({ application }) => {
      latest.delete(application);
    },
  });
  const inState = (wanted: ApplicationState) => new Set([...latest.values()].filter(({ state }) => state === wanted).map(({ course }) => course));
  return { exempted: inState('approved'), pending: inState('submitted') };
}
