import { bySubject, dictionary, projection } from '../src/read-models/projection.js';
import type {
  ApplicationDetails,
  ApplicationEvent,
  ApplicationKind,
  ApplicationState,
  ApplicationText,
} from '../src/status-applications/status-applications.events.js';
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

export const applications = projection<Applications, ApplicationEvent, Map<string, Application>>({
  name: 'applications',
  version: 1,
  earlierFingerprints: ['428b3220ad8cc8e4', 'ae2368c18b5132ec'],
  key: bySubject,
  empty: {},
  instants: [],
  money: [],
  maps: { '': { list: 'applications', keys: ['application'] } },
  state: dictionary(),
  on: {
    ApplicationDrafted: (all, { data }) => withState(all, data, 'draft'),
    ApplicationSubmitted: (all, { data }) => withState(all, data, 'submitted'),
    ApplicationApproved: (all, { data }) => withState(all, data, 'approved'),
    ApplicationRejected: (all, { data }) => withState(all, data, 'rejected'),
    ApplicationWithdrawn: (all, { data }) => withState(all, data, 'withdrawn'),
    ApplicationVoided: (all, { data: { application } }) => {
      all.delete(application);
      return all;
    },
  },
});

function withState(
  all: Map<string, Application>,
  { application, kind, course, appliedOn, text }: ApplicationDetails,
  state: ApplicationState,
): Map<string, Application> {
  return all.set(application, { kind, state, course, appliedOn, text });
}
