import type { Decider } from '../../event-store/decider.js';
import type { Device } from '../../identity/identity.events.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import type { Sealed } from '../../vault/vault.js';
import type { Duties, FactorProof, FailedStep, OfficerChange, OfficerEvent, Passkey, Role, SetupCode } from './officers.events.js';
import { refused } from './officers.refusals.js';

/** How long a one-time code for a password is valid, in milliseconds. */
export const SETUP_CODE_LASTS = 24 * 3_600_000;

/** Roles that nobody has with another: who gives rights has no other, and who watches changes nothing. */
const ALONE: readonly Role[] = ['administrator', 'auditor'];

/** Small letters alone, so that no two accounts look the same; the name stands in the log beside whatever the officer does. */
const ACCOUNT = /^[a-z0-9][a-z0-9._-]{1,31}$/;

const MOST_PASSKEYS = 10;

/** Sessions that an account can have open: one more ends the oldest. */
const MOST_SESSIONS = 50;

/** An account as the log has it. */
export interface OfficerAccount {
  readonly exists: boolean;
  readonly suspended: boolean;
  readonly duties: Duties;
  readonly code?: SetupCode | undefined;
  readonly password?: Sealed<PasswordHash> | undefined;
  /** The secret of TOTP. */
  readonly factor?: Sealed<string> | undefined;
  /** The time step of the last code that was used. */
  readonly lastStep: number;
  /** Digests of the recovery codes that were not used. */
  readonly recovery: Set<string>;
  /** By their ids. */
  readonly passkeys: Map<string, Passkey>;
  /** When the last challenge was issued that a passkey has answered, in milliseconds since the epoch. */
  readonly lastChallenge: number;
  /** Sessions that were begun and not ended early, the oldest first; those that ended by themselves too. */
  readonly sessions: Set<string>;
  /** What is proposed and not decided. */
  readonly change?: { readonly id: string; readonly by: string; readonly what: OfficerChange } | undefined;
}

export const officer: Decider<OfficerAccount, OfficerEvent> = {
  initial: () => ({
    exists: false,
    suspended: false,
    duties: { roles: [], districts: [] },
    lastStep: 0,
    recovery: new Set(),
    passkeys: new Map(),
    lastChallenge: 0,
    sessions: new Set(),
  }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'OfficerAdded':
        return { ...state, exists: true, duties: dutiesOf(data), code: codeOf(data) };
      case 'OfficerReset':
        state.recovery.clear();
        state.passkeys.clear();
        state.sessions.clear();
        return { ...state, code: codeOf(data), password: undefined, factor: undefined, change: undefined };
      case 'OfficerPasswordSet':
        return { ...state, code: undefined, password: data.password };
      case 'OfficerFactorEnrolled':
        for (const digest of data.recovery) state.recovery.add(digest);
        return { ...state, factor: data.secret };
      case 'OfficerPasskeyEnrolled':
        for (const digest of data.recovery) state.recovery.add(digest);
        state.passkeys.set(data.passkey, { passkey: data.passkey, key: data.key, counter: data.counter });
        return state;
      case 'OfficerPasskeyAdded':
        state.passkeys.set(data.passkey, { passkey: data.passkey, key: data.key, counter: data.counter });
        return state;
      case 'OfficerPasskeyRemoved':
        state.passkeys.delete(data.passkey);
        return state;
      case 'OfficerSuspended':
        state.sessions.clear();
        return { ...state, suspended: true };
      case 'OfficerReinstated':
        return { ...state, suspended: false };
      case 'OfficerChangeProposed':
        return { ...state, change: { id: data.change, by: data.by, what: data.what } };
      case 'OfficerChangeDeclined':
        return { ...state, change: undefined };
      case 'OfficerDutiesChanged':
        state.sessions.clear();
        return { ...state, duties: dutiesOf(data), change: undefined };
      case 'OfficerSignedIn':
        state.sessions.add(data.session);
        return withProof(state, data.proof);
      case 'OfficerFactorProved':
        return withProof(state, data.proof);
      case 'OfficerSignedOut':
        state.sessions.delete(data.session);
        return state;
      case 'OfficerSignInsFailed':
        return state;
    }
  },
};

function withProof(state: OfficerAccount, proof: FactorProof): OfficerAccount {
  if ('step' in proof) return { ...state, lastStep: proof.step };
  if ('recovery' in proof) {
    state.recovery.delete(proof.recovery);
    return state;
  }
  const known = state.passkeys.get(proof.passkey);
  if (known) state.passkeys.set(proof.passkey, { ...known, counter: proof.counter });
  return { ...state, lastChallenge: proof.issued };
}

function dutiesOf({ roles, districts }: Duties): Duties {
  return { roles, districts };
}

function codeOf({ code, until }: SetupCode): SetupCode {
  return { code, until };
}

/** @throws Refusal officer.bad_name, and those of `assertDuties` */
export function assertNewAccount(account: string, duties: Duties): void {
  if (!ACCOUNT.test(account)) throw refused('officer.bad_name');
  assertDuties(duties);
}

/** @throws Refusal officer.no_role, officer.role_alone, officer.no_district, officer.not_of_a_district */
export function assertDuties({ roles, districts }: Duties): void {
  if (roles.length === 0) throw refused('officer.no_role');
  if (roles.length > 1 && roles.some((role) => ALONE.includes(role))) throw refused('officer.role_alone');
  if (roles.includes('district') && districts.length === 0) throw refused('officer.no_district');
  if (!roles.includes('district') && districts.length > 0) throw refused('officer.not_of_a_district');
}

/** @throws Refusal officer.exists, and those of `assertNewAccount` */
export function addOfficer(state: OfficerAccount, account: string, duties: Duties, code: SetupCode): OfficerEvent[] {
  if (state.exists) throw refused('officer.exists', { officer: account });
  assertNewAccount(account, duties);
  return [{ type: 'OfficerAdded', data: { officer: account, ...dutiesOf(duties), ...code } }];
}

/** @throws Refusal officer.unknown */
export function resetOfficer(state: OfficerAccount, account: string, code: SetupCode): OfficerEvent[] {
  assertExists(state, account);
  return [{ type: 'OfficerReset', data: { officer: account, ...code } }];
}

/** @param by the administrator who does it; none on the host @throws Refusal officer.unknown, officer.own_account */
export function suspendOfficer(state: OfficerAccount, account: string, by?: string): OfficerEvent[] {
  assertOthers(state, account, by);
  return state.suspended ? [] : [{ type: 'OfficerSuspended', data: { officer: account } }];
}

/** As `suspendOfficer`. */
export function reinstateOfficer(state: OfficerAccount, account: string, by?: string): OfficerEvent[] {
  assertOthers(state, account, by);
  return state.suspended ? [{ type: 'OfficerReinstated', data: { officer: account } }] : [];
}

function assertOthers(state: OfficerAccount, account: string, by: string | undefined): void {
  assertExists(state, account);
  if (by === account) throw refused('officer.own_account');
}

/**
 * The same answer for whatever is wrong, so that it does not tell which accounts there are.
 * @param code the digest of the code that was typed; @param at ISO 8601, UTC
 * @throws Refusal officer.code_wrong
 */
export function setOfficerPassword(state: OfficerAccount, account: string, code: string, password: Sealed<PasswordHash>, at: string): OfficerEvent[] {
  if (state.suspended || state.code?.code !== code || state.code.until <= at) throw refused('officer.code_wrong');
  return [{ type: 'OfficerPasswordSet', data: { officer: account, password } }];
}

/** A session that is to begin, or in which the factor was proved again. */
interface Proved<Proof = FactorProof> {
  readonly account: string;
  readonly session: string;
  readonly device: Sealed<Device>;
  readonly proof: Proof;
}

interface SigningIn {
  /** The password that was checked: another that was set meanwhile refuses the session. */
  readonly password: Sealed<PasswordHash>;
}

/** @throws Refusal officer.sign_in_again, officer.factor_used */
export function signInOfficer(state: OfficerAccount, { account, session, device, proof, password }: Proved & SigningIn): OfficerEvent[] {
  if (state.suspended || state.password !== password || !hasFactor(state)) throw refused('officer.sign_in_again');
  assertUnused(state, proof);
  const oldest = [...state.sessions].slice(0, Math.max(0, state.sessions.size + 1 - MOST_SESSIONS));
  return [...signOutOfficer(state, account, oldest), { type: 'OfficerSignedIn', data: { officer: account, session, device, proof } }];
}

/** The app for codes, or a passkey with its name. */
type NewFactor = { readonly secret: Sealed<string> } | { readonly passkey: Passkey; readonly name: string };

/** Enrols the first factor and begins the first session with it. @throws Refusal officer.sign_in_again */
export function enrolFactor(
  state: OfficerAccount,
  given: Proved & SigningIn & { readonly factor: NewFactor; readonly recovery: readonly string[] },
): OfficerEvent[] {
  const { account, session, device, proof, password, factor, recovery } = given;
  if (state.suspended || state.password !== password || hasFactor(state)) throw refused('officer.sign_in_again');
  return [
    'secret' in factor
      ? { type: 'OfficerFactorEnrolled', data: { officer: account, secret: factor.secret, recovery } }
      : { type: 'OfficerPasskeyEnrolled', data: { officer: account, ...factor.passkey, name: factor.name, recovery } },
    { type: 'OfficerSignedIn', data: { officer: account, session, device, proof } },
  ];
}

/** Whether a second factor is enrolled, other than recovery codes. */
export function hasFactor({ factor, passkeys }: Pick<OfficerAccount, 'factor' | 'passkeys'>): boolean {
  return factor !== undefined || passkeys.size > 0;
}

/** For the list of sign-ins; nothing where there is no such account. */
export function noteFailedSignIns(
  state: OfficerAccount,
  { account, at, times, device }: { readonly account: string; readonly at: FailedStep; readonly times: number; readonly device: Sealed<Device> },
): OfficerEvent[] {
  return state.exists ? [{ type: 'OfficerSignInsFailed', data: { officer: account, at, times, device } }] : [];
}

/** @throws Refusal officer.sign_in_again, officer.factor_used */
export function proveFactor(state: OfficerAccount, { account, session, device, proof }: Proved): OfficerEvent[] {
  if (!state.sessions.has(session)) throw refused('officer.sign_in_again');
  assertUnused(state, proof);
  return [{ type: 'OfficerFactorProved', data: { officer: account, session, device, proof } }];
}

/** Ends those of the sessions that are open. */
export function signOutOfficer(state: OfficerAccount, account: string, sessions: readonly string[]): OfficerEvent[] {
  return sessions.filter((session) => state.sessions.has(session)).map((session) => ({ type: 'OfficerSignedOut', data: { officer: account, session } }));
}

/** @throws Refusal officer.sign_in_again, officer.passkey_known, officer.passkeys_many */
export function addPasskey(
  state: OfficerAccount,
  { account, session, passkey, name }: { readonly account: string; readonly session: string; readonly passkey: Passkey; readonly name: string },
): OfficerEvent[] {
  if (!state.sessions.has(session)) throw refused('officer.sign_in_again');
  if (state.passkeys.has(passkey.passkey)) throw refused('officer.passkey_known');
  if (state.passkeys.size >= MOST_PASSKEYS) throw refused('officer.passkeys_many', { most: MOST_PASSKEYS });
  return [{ type: 'OfficerPasskeyAdded', data: { officer: account, ...passkey, name } }];
}

/** Nothing where there is none of that id. @throws Refusal officer.last_factor */
export function removePasskey(state: OfficerAccount, { account, passkey }: { readonly account: string; readonly passkey: string }): OfficerEvent[] {
  if (!state.passkeys.has(passkey)) return [];
  if (state.factor === undefined && state.passkeys.size === 1) throw refused('officer.last_factor');
  return [{ type: 'OfficerPasskeyRemoved', data: { officer: account, passkey } }];
}

/** Each code and each challenge counts once, and none that is older than one that was used. A counter that counts must go up. */
function assertUnused({ lastStep, recovery, passkeys, lastChallenge }: OfficerAccount, proof: FactorProof): void {
  if ('step' in proof) {
    if (proof.step <= lastStep) throw refused('officer.factor_used');
  } else if ('recovery' in proof) {
    if (!recovery.has(proof.recovery)) throw refused('officer.factor_used');
  } else {
    const known = passkeys.get(proof.passkey);
    const counts = known && (proof.counter > known.counter || (proof.counter === 0 && known.counter === 0));
    if (!counts || proof.issued <= lastChallenge) throw refused('officer.passkey_used');
  }
}

/** @throws Refusal officer.unknown */
export function assertExists(state: OfficerAccount, account: string): void {
  if (!state.exists) throw refused('officer.unknown', { officer: account });
}
