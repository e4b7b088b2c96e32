import type { Decider, Given } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { Sealed } from '../vault/vault.js';
import type { AccountState, Everywhere, PasswordHash, Person, Registration, RegistrationEvent, SealedValues } from './registrations.events.js';
import { type PasswordRefusal, refused } from './registrations.refusals.js';

/** What is compared to tell whether a registration changed: the person only by the digest. */
type Registered = Omit<Registration, 'candidateId' | 'person'>;

/** 学习中, 已毕业, 已离开 */
export type StudyState = 'studying' | 'graduated' | 'left';

/** What is not personal: district and period of the registration, the account's state, and whether confirmed on site 现场确认. */
export interface RegistrationStatus {
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
}

/** The candidate whom a decision is about. */
export interface OfCandidate {
  readonly candidateId: string;
}

interface MajorStatus extends OfCandidate {
  readonly major: string;
  readonly state: StudyState;
  readonly period: string;
}

/** A major that the candidate has added. */
interface CandidateMajor {
  readonly period: string;
  readonly state: StudyState;
}

/** How long a one-time code for a new password is valid, in milliseconds. */
export const CODE_LASTS = 24 * 3_600_000;
/** How far the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;

/** A one-time code for a new password: its keyed hash, and the end of its validity. */
interface ResetCode {
  readonly code: string;
  readonly until: string;
}

/** Proof that the candidate sets the new password: a code's keyed hash, or a real-name level of L3 or above that was checked before. */
export type ResetProof = { readonly way: 'code'; readonly code: string } | { readonly way: 'real_name' };

/** The request for a new password without the old one. */
interface PasswordResetRequest {
  readonly given: Given;
  readonly candidateId: string;
  readonly proof: ResetProof;
  /** Why the password is not acceptable for this person: a refusal's code. */
  readonly unfit?: PasswordRefusal | undefined;
}

export interface Candidate {
  /** Missing until the candidate is registered. */
  readonly registered?: Registered | undefined;
  /** The person, and what was corrected of it since. */
  readonly person?: Sealed<Person>;
  readonly corrected?: SealedValues | undefined;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
  readonly password?: Sealed<PasswordHash>;
  readonly resetCode?: ResetCode | undefined;
  readonly majors: Map<string, CandidateMajor>;
  readonly forgotten: boolean;
  /** The registration was taken back; a later one begins anew. */
  readonly voided?: true;
}

function unregistered(): Candidate {
  return { accountState: 'normal', confirmed: false, majors: new Map(), forgotten: false };
}

export const candidate: Decider<Candidate, RegistrationEvent> = {
  initial: unregistered,
  evolve(state, { type, data }) {
    switch (type) {
      case 'CandidateRegistered':
      case 'CandidateCorrected': {
        const { district, registeredPeriod, photo, digest, person } = data;
        return { ...state, registered: { district, registeredPeriod, photo, digest }, person, corrected: undefined };
      }
      case 'PersonCorrected': {
        const { values, candidateId: _, ...registered } = data;
        return { ...state, registered: state.registered && { ...state.registered, ...registered }, corrected: { ...state.corrected, ...values } };
      }
      case 'AccountStateChanged':
        return { ...state, accountState: data.state };
      case 'SiteConfirmed':
        return { ...state, confirmed: true };
      case 'SiteConfirmationWithdrawn':
        return { ...state, confirmed: false };
      case 'PasswordSet':
        return { ...state, password: data.password, resetCode: undefined };
      case 'ResetCodeIssued':
        return { ...state, resetCode: { code: data.code, until: data.until } };
      case 'PasswordReset':
        return { ...state, resetCode: undefined };
      case 'MajorAdded':
        return withMajor(state, data.major, { period: data.period, state: 'studying' });
      case 'MajorGraduated':
        return withStudyState(state, data.major, 'graduated');
      case 'MajorLeft':
        return withStudyState(state, data.major, 'left');
      case 'MajorWithdrawn':
        state.majors.delete(data.major);
        return state;
      case 'RegistrationVoided':
        return { ...unregistered(), voided: true };
      case 'CandidateForgotten':
        return { ...state, forgotten: true };
    }
  },
};

function withMajor(state: Candidate, code: string, major: CandidateMajor): Candidate {
  state.majors.set(code, major);
  return state;
}

function withStudyState(state: Candidate, code: string, studyState: StudyState): Candidate {
  const major = state.majors.get(code);
  return major ? withMajor(state, code, { ...major, state: studyState }) : state;
}

/**
 * Records the registration and the account's state: an event for each part that is new or changed.
 * @throws Refusal candidate.forgotten
 */
export function registerCandidate(state: Candidate, { status }: { readonly status: RegistrationStatus }, registration: Registration): RegistrationEvent[] {
  if (state.forgotten) throw refused('candidate.forgotten');
  const { candidateId, person: _, ...registered } = registration;
  const { accountState, confirmed } = status;
  const events: RegistrationEvent[] = [];
  if (!same(state.registered, registered)) events.push({ type: state.registered ? 'CandidateCorrected' : 'CandidateRegistered', data: registration });
  if (state.accountState !== accountState) events.push({ type: 'AccountStateChanged', data: { candidateId, state: accountState } });
  if (!state.confirmed && confirmed) events.push({ type: 'SiteConfirmed', data: { candidateId } });
  if (state.confirmed && !confirmed) events.push({ type: 'SiteConfirmationWithdrawn', data: { candidateId } });
  return events;
}

/**
 * Sets the first password of an account; one that has a password keeps it.
 * @throws Refusal candidate.unknown, candidate.forgotten
 */
export function setPassword(state: Candidate, { candidateId }: OfCandidate, password: Sealed<PasswordHash>): RegistrationEvent[] {
  mustBeRegistered(state);
  return state.password ? [] : [{ type: 'PasswordSet', data: { candidateId, password } }];
}

/** A password that the person sets, and the other admission numbers at which it is valid too. */
interface NewPassword {
  readonly password: Sealed<PasswordHash>;
  readonly everywhere: Everywhere;
}

/** The password at the time at which it is replaced, by the streams of all numbers of the person. */
interface PasswordFacts {
  /** The event by which the password in force was set. */
  readonly passwordEvent?: string | undefined;
  /** The last password recorded at the number itself. */
  readonly own?: Sealed<PasswordHash> | undefined;
}

/**
 * Replaces the password that the candidate has shown to know, and never another one.
 * @throws Refusal candidate.unknown, candidate.forgotten, password.replaced_meanwhile
 */
export function replacePassword(
  state: Candidate,
  { candidateId, replaced }: OfCandidate & { readonly replaced: string },
  { passwordEvent, own, password, everywhere }: PasswordFacts & NewPassword,
): RegistrationEvent[] {
  mustBeRegistered(state);
  if (passwordEvent !== replaced || state.password !== own) throw refused('password.replaced_meanwhile');
  return [{ type: 'PasswordSet', data: { candidateId, password, everywhere } }];
}

/**
 * Stores a better hash of the same password, and never replaces another password.
 * @throws Refusal candidate.unknown, candidate.forgotten, password.replaced_meanwhile
 */
export function rehashPassword(
  state: Candidate,
  { candidateId, replaced }: OfCandidate & { readonly replaced: Sealed<PasswordHash> },
  password: Sealed<PasswordHash>,
): RegistrationEvent[] {
  mustBeRegistered(state);
  if (state.password !== replaced) throw refused('password.replaced_meanwhile');
  return [{ type: 'PasswordSet', data: { candidateId, password, rehashed: true } }];
}

/** `password` is missing where the password of the other number is no longer valid at this one, or is recorded here already. */
interface CopiedPassword {
  readonly own?: Sealed<PasswordHash> | undefined;
  readonly password?: Sealed<PasswordHash> | undefined;
}

/**
 * Records a password that the person has set at another number. A closed or forgotten account takes none.
 * @throws Refusal password.replaced_meanwhile: the password in force has to be read again
 */
export function followPassword(
  state: Candidate,
  { candidateId, passwordEvent }: OfCandidate & { readonly passwordEvent: string },
  { own, password }: CopiedPassword,
): RegistrationEvent[] {
  const { registered, forgotten, accountState } = state;
  if (!registered || forgotten || accountState === 'closed' || password === undefined) return [];
  if (state.password !== own) throw refused('password.replaced_meanwhile');
  return [
    { type: 'PasswordReset', data: { candidateId, way: 'other_number' } },
    { type: 'PasswordSet', data: { candidateId, password, copyOf: passwordEvent } },
  ];
}

/**
 * Issues a code for a new password, which makes an earlier code invalid.
 * @param districts those of the officer who issues it: a candidate of another is as one that there is not; all where it is undefined
 * @throws Refusal candidate.unknown, candidate.forgotten, candidate.closed
 */
export function issueResetCode(
  state: Candidate,
  { candidateId, code, until, districts }: OfCandidate & ResetCode & { readonly districts?: readonly string[] | undefined },
): RegistrationEvent[] {
  if (districts && !districts.includes(state.registered?.district ?? '')) throw refused('candidate.unknown');
  mustBeRegistered(state);
  if (state.accountState === 'closed') throw refused('candidate.closed');
  return [{ type: 'ResetCodeIssued', data: { candidateId, code, until } }];
}

/**
 * Sets a password, also a first one, for a person who has proved to be the candidate. Without proof no other reason is given.
 * @param sealed the hash and the other numbers under the candidate's key
 * @throws Refusal reset.not_proved, or the command's reason why the password is not acceptable
 */
export function redeemReset(state: Candidate, command: PasswordResetRequest, sealed: () => NewPassword): RegistrationEvent[] {
  const { candidateId, proof, unfit } = command;
  if (!isProved(state, command)) throw refused('reset.not_proved');
  if (unfit) throw refused(unfit);
  return [
    { type: 'PasswordReset', data: { candidateId, way: proof.way } },
    { type: 'PasswordSet', data: { candidateId, ...sealed() } },
  ];
}

function isProved({ registered, forgotten, accountState, resetCode }: Candidate, { proof, given }: PasswordResetRequest): boolean {
  if (!registered || forgotten || accountState === 'closed') return false;
  return proof.way !== 'code' || (resetCode !== undefined && resetCode.code === proof.code && isValid(resetCode, given.at));
}

/** A code that seems valid for longer than any code is was issued before a clock was set back, and would stay valid for too long. */
function isValid({ until }: ResetCode, at: string): boolean {
  const left = Date.parse(until) - Date.parse(at);
  return left > 0 && left <= CODE_LASTS + SKEW;
}

const eventTypeOf = { graduated: 'MajorGraduated', left: 'MajorLeft' } as const;

/**
 * Records a major as being studied, graduated from or left. One that is studied again is added again.
 * @throws Refusal candidate.unknown, candidate.forgotten
 */
export function recordMajor(state: Candidate, { candidateId, major, period, state: reported }: MajorStatus): RegistrationEvent[] {
  mustBeRegistered(state);
  const known = state.majors.get(major);
  if (same(known, { period, state: reported })) return [];
  const events: RegistrationEvent[] = [];
  if (known?.period !== period || reported === 'studying') events.push({ type: 'MajorAdded', data: { candidateId, major, period } });
  if (reported !== 'studying') events.push({ type: eventTypeOf[reported], data: { candidateId, major } });
  return events;
}

/** @param tombstone the vault's hash of the admission number; undefined where none is recorded @throws Refusal candidate.unknown */
export function forgetCandidate(state: Candidate, { candidateId }: OfCandidate, tombstone?: string): RegistrationEvent[] {
  if (state.forgotten) return [];
  if (!state.voided) mustBeRegistered(state);
  return [{ type: 'CandidateForgotten', data: tombstone === undefined ? { candidateId } : { candidateId, tombstone } }];
}

/** @throws Refusal candidate.unknown, candidate.forgotten */
export function mustBeRegistered(state: Candidate): void {
  if (state.forgotten) throw refused('candidate.forgotten');
  if (!state.registered) throw refused('candidate.unknown');
}
