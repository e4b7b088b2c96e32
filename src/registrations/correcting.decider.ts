import type { WindowState } from '../catalogue/catalogue.events.js';
import { type Candidate, mustBeRegistered, type OfCandidate, recordMajor, type StudyState } from './candidate.decider.js';
import type { AccountState, RegistrationEvent } from './registrations.events.js';
import { refused } from './registrations.refusals.js';

/** `district`: the district whose office confirms; missing where the city authority corrects what was recorded. */
interface Confirmation extends OfCandidate {
  readonly district?: string | undefined;
}

/** The state of the time to confirm on site of those who registered in a period. */
type ConfirmationWindow = (registeredPeriod: string) => WindowState;

/**
 * Confirms a candidate on site 现场确认. An office confirms its own candidates, while they may confirm.
 * @throws Refusal candidate.unknown, candidate.forgotten, candidate.closed, confirmation.not_open, confirmation.closed
 */
export function confirmSite(state: Candidate, confirmation: Confirmation, window: ConfirmationWindow): RegistrationEvent[] {
  refuseOthers(state, confirmation, window);
  if (state.accountState === 'closed') throw refused('candidate.closed');
  return state.confirmed ? [] : [{ type: 'SiteConfirmed', data: { candidateId: confirmation.candidateId } }];
}

/**
 * Takes back that a candidate was confirmed on site.
 * @throws Refusal candidate.unknown, candidate.forgotten, confirmation.not_open, confirmation.closed
 */
export function withdrawSiteConfirmation(state: Candidate, confirmation: Confirmation, window: ConfirmationWindow): RegistrationEvent[] {
  refuseOthers(state, confirmation, window);
  return state.confirmed ? [{ type: 'SiteConfirmationWithdrawn', data: { candidateId: confirmation.candidateId } }] : [];
}

/** A candidate of another district is nobody to an office. */
function refuseOthers(state: Candidate, { district }: Confirmation, window: ConfirmationWindow): void {
  mustBeRegistered(state);
  if (district === undefined) return;
  if (state.registered?.district !== district) throw refused('candidate.unknown');
  const open = window(state.registered.registeredPeriod);
  if (open !== 'open') throw refused(`confirmation.${open}`);
}

/** Changes the state of an account 账号状态, and nothing else. @throws Refusal candidate.unknown, candidate.forgotten */
export function changeAccountState(known: Candidate, { candidateId, state }: OfCandidate & { readonly state: AccountState }): RegistrationEvent[] {
  mustBeRegistered(known);
  return known.accountState === state ? [] : [{ type: 'AccountStateChanged', data: { candidateId, state } }];
}

/** What is corrected of a candidate's major. */
export interface MajorChanges {
  readonly state?: StudyState | undefined;
  readonly period?: string | undefined;
}

/**
 * Corrects what is named of a candidate's major; one that is not known yet needs its period, and is studied.
 * @throws Refusal candidate.unknown, candidate.forgotten, major.no_period
 */
export function correctMajor(
  known: Candidate,
  { candidateId, major, changes }: OfCandidate & { readonly major: string; readonly changes: MajorChanges },
): RegistrationEvent[] {
  mustBeRegistered(known);
  const before = known.majors.get(major);
  const { state = before?.state ?? 'studying', period = before?.period } = changes;
  if (period === undefined) throw refused('major.no_period', { major });
  return recordMajor(known, { candidateId, major, period, state });
}

/** Takes back that a major was ever added. @throws Refusal candidate.unknown, candidate.forgotten */
export function withdrawMajor(known: Candidate, { candidateId, major }: OfCandidate & { readonly major: string }): RegistrationEvent[] {
  mustBeRegistered(known);
  return known.majors.has(major) ? [{ type: 'MajorWithdrawn', data: { candidateId, major } }] : [];
}
