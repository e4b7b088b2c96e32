import type { Recorded } from '../event-store/event.js';
import { passed, type Result, type ResultEvent } from '../results/results.events.js';
import type { ApplicationEvent, ApplicationState } from '../status-applications/status-applications.events.js';

/** The courses that a candidate has passed in any period whose results are released, by the candidate's events. */
export function passedCourses(history: readonly Recorded[], isReleased: (period: string) => boolean): ReadonlySet<string> {
  const results = new Map<string, { readonly period: string; readonly course: string; readonly result: Result }>();
  for (const { type, data } of history as unknown as readonly ResultEvent[]) {
    if (type === 'ScoreRecorded' || type === 'ScoreCorrected') results.set(`${data.period} ${data.course}`, data);
  }
  return new Set([...results.values()].filter(({ period, result }) => isReleased(period) && passed(result)).map(({ course }) => course));
}

/** The courses that a candidate is exempted 免考 from, and those for which it is asked. */
export function exemptions(history: readonly Recorded[]): { readonly exempted: ReadonlySet<string>; readonly exempting: ReadonlySet<string> } {
  const standing = new Map<string, { readonly course: string; readonly state: ApplicationState }>();
  for (const { type, data } of history as unknown as readonly ApplicationEvent[]) {
    const state = states[type];
    if (!state || data.kind !== 'exemption') continue;
    if (data.course === undefined) standing.delete(data.application);
    else standing.set(data.application, { course: data.course, state });
  }
  const inState = (wanted: ApplicationState) => new Set([...standing.values()].filter(({ state }) => state === wanted).map(({ course }) => course));
  return { exempted: inState('approved'), exempting: inState('submitted') };
}

const states: Readonly<Partial<Record<string, ApplicationState>>> = {
  ApplicationDrafted: 'draft',
  ApplicationSubmitted: 'submitted',
  ApplicationApproved: 'approved',
  ApplicationRejected: 'rejected',
  ApplicationWithdrawn: 'withdrawn',
};
