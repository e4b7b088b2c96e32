import type { WindowState } from '../../catalogue/catalogue.events.js';
import type { Safe } from '../../vault/vault.js';
import { type Candidate, mustBeRegistered, type OfCandidate, recordMajor, type StudyState } from '../candidate.decider.js';
import type { AccountState, Person, PersonalField, RegistrationEvent, SealedValues } from '../registrations.events.js';
import { refused } from '../registrations.refusals.js';

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

/** What is corrected of a person and of its registration; what is not named stays. */
export interface PersonChanges {
  readonly values: { readonly [Field in PersonalField]?: string | undefined };
  readonly district?: string | undefined;
  readonly registeredPeriod?: string | undefined;
}

/** What correcting a person needs of its safe and of the rules of citizen numbers. */
interface PersonRules {
  readonly safe: Pick<Safe, 'seal' | 'digest'>;
  readonly opened: (sealed: Candidate) => Person | undefined;
  /** Whether number, sex and birth of an identity card agree. */
  readonly agrees: (person: Person) => boolean;
}

/**
 * Corrects what is named of a person, and nothing else: the photo and all other values stay.
 * @throws Refusal candidate.unknown, candidate.forgotten, person.contradicts where number, sex and birth would not agree
 */
export function correctPerson(
  state: Candidate,
  { candidateId, changes }: OfCandidate & { readonly changes: PersonChanges },
  { safe, opened, agrees }: PersonRules,
): RegistrationEvent[] {
  mustBeRegistered(state);
  const before = opened(state);
  if (!before || !state.registered) throw refused('candidate.forgotten');
  const changed = Object.entries(changes.values).filter(([field, value]) => value !== undefined && value !== before[field as PersonalField]);
  const after: Person = { ...before, ...Object.fromEntries(changed) };
  if (changed.length > 0 && !agrees(after)) throw refused('person.contradicts');
  const { district = state.registered.district, registeredPeriod = state.registered.registeredPeriod } = changes;
  const moved = {
    ...(district !== state.registered.district && { district }),
    ...(registeredPeriod !== state.registered.registeredPeriod && { registeredPeriod }),
  };
  if (changed.length === 0 && Object.keys(moved).length === 0) return [];
  const values: SealedValues = Object.fromEntries(changed.map(([field, value]) => [field, safe.seal(value)]));
  return [{ type: 'PersonCorrected', data: { candidateId, values, ...moved, digest: safe.digest(after) } }];
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

/**
 * Takes back a registration that should never have been recorded, with the account, its password and its majors.
 * @param hasOpenBill whether money is due or paid
 * @throws Refusal candidate.unknown, candidate.forgotten, candidate.billed
 */
export function voidRegistration(known: Candidate, { candidateId }: OfCandidate, hasOpenBill: boolean): RegistrationEvent[] {
  mustBeRegistered(known);
  if (hasOpenBill) throw refused('candidate.billed');
  return [{ type: 'RegistrationVoided', data: { candidateId } }];
}
