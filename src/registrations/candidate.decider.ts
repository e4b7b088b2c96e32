import type { Decider, Given } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { Sealed } from '../vault/vault.js';
import type { AccountState, Everywhere, PasswordHash, Registration, RegistrationEvent } from './registrations.events.js';
import { type PasswordRefusal, refused } from './registrations.refusals.js';

/** What tells one registration from another: the person by the digest alone. */
type Registered = Omit<Registration, 'candidateId' | 'person'>;

/** 学习中, 已毕业, 已离开 */
export type MajorState = 'studying' | 'graduated' | 'left';

/** What is not personal: where and when registered, how the account stands, whether confirmed on site 现场确认. */
export interface RegistrationStatus {
  readonly district: string;
  readonly registeredPeriod: string;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
}

interface OfCandidate {
  readonly candidateId: string;
}

interface MajorStatus extends OfCandidate {
  readonly major: string;
  readonly state: MajorState;
  readonly period: string;
}

interface TakenUp {
  readonly period: string;
  readonly state: MajorState;
}

/** Milliseconds that a one-time code for a new password is good. */
export const CODE_LASTS = 24 * 3_600_000;
/** By how much the clocks of processes may differ, in milliseconds. */
const SKEW = 60_000;

/** A one-time code for a new password: its keyed hash, and until when it is good. */
interface ResetCode {
  readonly code: string;
  readonly until: string;
}

/** What shows that a new password is set by the candidate: a code's keyed hash; or, checked before, a real-name level of L3 or above. */
export type ResetProof = { readonly way: 'code'; readonly code: string } | { readonly way: 'real_name' };

/** A new password without the old one. */
interface Reset {
  readonly given: Given;
  readonly candidateId: string;
  readonly proof: ResetProof;
  /** The code of a refusal, where the password will not do for this person. */
  readonly unfit?: PasswordRefusal | undefined;
}

interface Candidate {
  /** Missing until the candidate is registered. */
  readonly registered?: Registered;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
  readonly password?: Sealed<PasswordHash>;
  readonly resetCode?: ResetCode | undefined;
  readonly majors: Map<string, TakenUp>;
  readonly forgotten: boolean;
}

export const candidate: Decider<Candidate, RegistrationEvent> = {
  initial: () => ({ accountState: 'normal', confirmed: false, majors: new Map(), forgotten: false }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'CandidateRegistered':
      case 'CandidateCorrected': {
        const { district, registeredPeriod, photo, digest } = data;
        return { ...state, registered: { district, registeredPeriod, photo, digest } };
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
        return withMajorState(state, data.major, 'graduated');
      case 'MajorLeft':
        return withMajorState(state, data.major, 'left');
      case 'CandidateForgotten':
        return { ...state, forgotten: true };
    }
  },
};

function withMajor(state: Candidate, major: string, takenUp: TakenUp): Candidate {
  state.majors.set(major, takenUp);
  return state;
}

function withMajorState(state: Candidate, major: string, eventTypeOf: MajorState): Candidate {
  const takenUp = state.majors.get(major);
  return takenUp ? withMajor(state, major, { ...takenUp, state: eventTypeOf }) : state;
}

/**
 * Says who the candidate is and how the account stands: an event for each that is new or changed.
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

/** A password that the person sets, and at which other numbers it counts. */
interface NewPassword {
  readonly password: Sealed<PasswordHash>;
  readonly everywhere: Everywhere;
}

/** What holds at the time at which a password is replaced, by the streams of all numbers of the person. */
interface Replacing {
  /** The event by which the password was set that opens the number. */
  readonly setting?: string | undefined;
  /** The last that is recorded at the number itself. */
  readonly own?: Sealed<PasswordHash> | undefined;
}

/**
 * Sets another password in place of the one that was shown to be known: never in place of any other.
 * @throws Refusal candidate.unknown, candidate.forgotten, password.replaced_meanwhile
 */
export function replacePassword(
  state: Candidate,
  { candidateId, replaced }: OfCandidate & { readonly replaced: string },
  { setting, own, password, everywhere }: Replacing & NewPassword,
): RegistrationEvent[] {
  mustBeRegistered(state);
  if (setting !== replaced || state.password !== own) throw refused('password.replaced_meanwhile');
  return [{ type: 'PasswordSet', data: { candidateId, password, everywhere } }];
}

/**
 * Keeps the same password by a better hash: never in place of any other.
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

/** What a number is to follow: nothing where the password of another number does not count at it any more, or is recorded at it. */
interface Followed {
  readonly own?: Sealed<PasswordHash> | undefined;
  readonly password?: Sealed<PasswordHash> | undefined;
}

/**
 * Records a password that the person has set at another number. An account that is closed or forgotten opens by none.
 * @throws Refusal password.replaced_meanwhile: what counts is to be looked at anew
 */
export function followPassword(
  state: Candidate,
  { candidateId, setting }: OfCandidate & { readonly setting: string },
  { own, password }: Followed,
): RegistrationEvent[] {
  const { registered, forgotten, accountState } = state;
  if (!registered || forgotten || accountState === 'closed' || password === undefined) return [];
  if (state.password !== own) throw refused('password.replaced_meanwhile');
  return [
    { type: 'PasswordReset', data: { candidateId, way: 'other_number' } },
    { type: 'PasswordSet', data: { candidateId, password, copyOf: setting } },
  ];
}

/**
 * Hands out a code for a new password; one handed out before is good no more.
 * @throws Refusal candidate.unknown, candidate.forgotten, candidate.closed
 */
export function issueResetCode(state: Candidate, { candidateId, code, until }: OfCandidate & ResetCode): RegistrationEvent[] {
  mustBeRegistered(state);
  if (state.accountState === 'closed') throw refused('candidate.closed');
  return [{ type: 'ResetCodeIssued', data: { candidateId, code, until } }];
}

/**
 * Sets a password, a first one too, for whoever has proved to be the candidate. What else is wrong is told to nobody else.
 * @param sealed the hash and the other numbers under the candidate's key
 * @throws Refusal reset.not_proved, or the command's own reason why its password will not do
 */
export function redeemReset(state: Candidate, command: Reset, sealed: () => NewPassword): RegistrationEvent[] {
  const { candidateId, proof, unfit } = command;
  if (!isProved(state, command)) throw refused('reset.not_proved');
  if (unfit) throw refused(unfit);
  return [
    { type: 'PasswordReset', data: { candidateId, way: proof.way } },
    { type: 'PasswordSet', data: { candidateId, ...sealed() } },
  ];
}

function isProved({ registered, forgotten, accountState, resetCode }: Candidate, { proof, given }: Reset): boolean {
  if (!registered || forgotten || accountState === 'closed') return false;
  return proof.way !== 'code' || (resetCode !== undefined && resetCode.code === proof.code && isGood(resetCode, given.at));
}

/** One that is good for longer than any can be was handed out before a clock was set back: it would be so for too long. */
function isGood({ until }: ResetCode, at: string): boolean {
  const left = Date.parse(until) - Date.parse(at);
  return left > 0 && left <= CODE_LASTS + SKEW;
}

const reached = { graduated: 'MajorGraduated', left: 'MajorLeft' } as const;

/**
 * Says how far the candidate has come in a major: taken up, graduated from or left. Taken up again, it is added again.
 * @throws Refusal candidate.unknown, candidate.forgotten
 */
export function recordMajor(state: Candidate, { candidateId, major, period, state: reported }: MajorStatus): RegistrationEvent[] {
  mustBeRegistered(state);
  const known = state.majors.get(major);
  if (same(known, { period, state: reported })) return [];
  const events: RegistrationEvent[] = [];
  if (known?.period !== period || reported === 'studying') events.push({ type: 'MajorAdded', data: { candidateId, major, period } });
  if (reported !== 'studying') events.push({ type: reached[reported], data: { candidateId, major } });
  return events;
}

/** @throws Refusal candidate.unknown */
export function forgetCandidate(state: Candidate, { candidateId }: OfCandidate): RegistrationEvent[] {
  if (state.forgotten) return [];
  mustBeRegistered(state);
  return [{ type: 'CandidateForgotten', data: { candidateId } }];
}

function mustBeRegistered(state: Candidate): void {
  if (state.forgotten) throw refused('candidate.forgotten');
  if (!state.registered) throw refused('candidate.unknown');
}
