import type { Decider } from '../event-store/decider.js';
import { Refusal } from '../event-store/refusal.js';
import { same } from '../event-store/same.js';
import type { Sealed } from '../vault/vault.js';
import type { ForgetCandidate } from './forget-candidate.command.js';
import type { MajorState, RecordMajor } from './record-major.command.js';
import type { RegisterCandidate } from './register-candidate.command.js';
import type { AccountState, PasswordHash, Registration, RegistrationEvent } from './registrations.events.js';
import type { SetPassword } from './set-password.command.js';

/** What tells one registration from another: the person by the digest alone. */
type Registered = Omit<Registration, 'candidateId' | 'person'>;

interface TakenUp {
  readonly period: string;
  readonly state: MajorState;
}

interface Candidate {
  /** Missing until the candidate is registered. */
  readonly registered?: Registered;
  readonly accountState: AccountState;
  readonly confirmed: boolean;
  readonly hasPassword: boolean;
  readonly majors: ReadonlyMap<string, TakenUp>;
  readonly forgotten: boolean;
}

export const candidate: Decider<Candidate, RegistrationEvent> = {
  initial: { accountState: 'normal', confirmed: false, hasPassword: false, majors: new Map(), forgotten: false },
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
        return { ...state, hasPassword: true };
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
  return { ...state, majors: new Map(state.majors).set(major, takenUp) };
}

function withMajorState(state: Candidate, major: string, reached: MajorState): Candidate {
  const takenUp = state.majors.get(major);
  return takenUp ? withMajor(state, major, { ...takenUp, state: reached }) : state;
}

/**
 * Says who the candidate is and how the account stands: an event for each that is new or changed.
 * @throws Refusal candidate.forgotten
 */
export function registerCandidate(state: Candidate, command: RegisterCandidate, registration: Registration): RegistrationEvent[] {
  if (state.forgotten) throw new Refusal('candidate.forgotten');
  const { candidateId, person: _, ...registered } = registration;
  const { accountState, confirmed } = command.standing;
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
export function setPassword(state: Candidate, { candidateId }: SetPassword, password: Sealed<PasswordHash>): RegistrationEvent[] {
  mustBeRegistered(state);
  return state.hasPassword ? [] : [{ type: 'PasswordSet', data: { candidateId, password } }];
}

const reached = { graduated: 'MajorGraduated', left: 'MajorLeft' } as const;

/**
 * Says how far the candidate has come in a major: taken up, graduated from or left. Taken up again, it is added again.
 * @throws Refusal candidate.unknown, candidate.forgotten
 */
export function recordMajor(state: Candidate, command: RecordMajor): RegistrationEvent[] {
  mustBeRegistered(state);
  const { candidateId, major, period } = command;
  const known = state.majors.get(major);
  if (same(known, { period, state: command.state })) return [];
  const events: RegistrationEvent[] = [];
  if (known?.period !== period || command.state === 'studying') events.push({ type: 'MajorAdded', data: { candidateId, major, period } });
  if (command.state !== 'studying') events.push({ type: reached[command.state], data: { candidateId, major } });
  return events;
}

/** @throws Refusal candidate.unknown */
export function forgetCandidate(state: Candidate, { candidateId }: ForgetCandidate): RegistrationEvent[] {
  if (state.forgotten) return [];
  mustBeRegistered(state);
  return [{ type: 'CandidateForgotten', data: { candidateId } }];
}

function mustBeRegistered(state: Candidate): void {
  if (state.forgotten) throw new Refusal('candidate.forgotten');
  if (!state.registered) throw new Refusal('candidate.unknown');
}
