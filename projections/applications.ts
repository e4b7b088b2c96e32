import { bySubject, projection } from '../src/read-models/projection.js';
import type { ApplicationEvent, ApplicationKind, ApplicationState, ApplicationText } from '../src/status-applications/status-applications.events.js';
import type { Sealed } from '../src/vault/vault.js';

export interface Application {
  readonly kind: ApplicationKind;
  readonly state: ApplicationState;
  readonly course?: string | undefined;
  readonly appliedOn?: string | undefined;
  readonly text: Sealed<ApplicationText>;
}

/** All status applications 考籍申请 of a candidate by id. */
export interface Applications {
  readonly [application: string]: Application;
}

export const applications = projection<Applications, ApplicationEvent>({
  name: 'applications',
  version: 1,
  key: bySubject,
  empty: {},
  on: {
    ApplicationDrafted: (doc, { data }) => stands(doc, data, 'draft'),
    ApplicationSubmitted: (doc, { data }) => stands(doc, data, 'submitted'),
    ApplicationApproved: (doc, { data }) => stands(doc, data, 'approved'),
    ApplicationRejected: (doc, { data }) => stands(doc, data, 'rejected'),
    ApplicationWithdrawn: (doc, { data }) => stands(doc, data, 'withdrawn'),
  },
});

function stands(doc: Applications, { application, kind, course, appliedOn, text }: ApplicationEvent['data'], state: ApplicationState): Applications {
  return { ...doc, [application]: { kind, state, course, appliedOn, text } };
}
