import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/fold-history.js';
import { passed, type ResultEvent } from '../results/results.events.js';
import type { ApplicationEvent, ApplicationState } from '../status-applications/status-applications.events.js';

type Scored = ResultEvent['data'];

/** The courses that a candidate has passed in any period whose results are released, by the candidate's events. @throws StoreUnavailable */
export function passedCourses(history: readonly Recorded[], isReleased: (period: string) => boolean): ReadonlySet<string> {
  const results = new Map<string, Scored>();
  const score = (data: Scored) => {
    results.set(`${data.period} ${data.course}`, data);
  };
  foldHistory<ResultEvent>(history, { ScoreRecorded: score, ScoreCorrected: score });
  return new Set([...results.values()].filter(({ period, result }) => isReleased(period) && passed(result)).map(({ course }) => course));
}

/** The courses that a candidate is exempted 免考 from, and those for which it is asked. @throws StoreUnavailable */
export function exemptions(history: readonly Recorded[]): { readonly exempted: ReadonlySet<string>; readonly exempting: ReadonlySet<string> } {
  const latest = new Map<string, { readonly course: string; readonly state: ApplicationState }>();
  const become = (state: ApplicationState) => (data: ApplicationEvent['data']) => {
    if (data.kind !== 'exemption') return;
    if (data.course === undefined) latest.delete(data.application);
    else latest.set(data.application, { course: data.course, state });
  };
  foldHistory<ApplicationEvent>(history, {
    ApplicationDrafted: become('draft'),
    ApplicationSubmitted: become('submitted'),
    ApplicationApproved: become('approved'),
    ApplicationRejected: become('rejected'),
    ApplicationWithdrawn: become('withdrawn'),
  });
  const inState = (wanted: ApplicationState) => new Set([...latest.values()].filter(({ state }) => state === wanted).map(({ course }) => course));
  return { exempted: inState('approved'), exempting: inState('submitted') };
}
