import type { Event } from '../../event-store/event.js';
import type { EventTypes } from '../../event-store/event-types.js';
import type { Device } from '../../identity/identity.events.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import type { Sealed } from '../../vault/vault.js';

/** 市级经办, 审批人, 区自考办, 财务, 审计, 运维, 账户管理员. */
export type Role = 'city' | 'approver' | 'district' | 'finance' | 'auditor' | 'operator' | 'administrator';

/** What an officer is: the roles, and for 区自考办 the districts by name, as candidates have them. */
export interface Duties {
  readonly roles: readonly Role[];
  readonly districts: readonly string[];
}

/** What is proposed for an account: other roles and districts, or to begin it anew. */
export type OfficerChange = Duties | 'reset';

/** A code by which the account's password is set once: its digest by the officer's key, and until when (ISO 8601, UTC). */
export interface SetupCode {
  readonly code: string;
  readonly until: string;
}

/** A passkey 通行密钥 (WebAuthn): its id, its public key in base64url, and how often it was used, as far as it counts. */
export interface Passkey {
  readonly passkey: string;
  readonly key: string;
  readonly counter: number;
}

/**
 * How the second factor was proved: the time step of a code (RFC 6238), the digest of a recovery code, or a passkey with its new counter,
 * by a challenge that was issued then (milliseconds since the epoch).
 */
export type FactorProof =
  | { readonly step: number }
  | { readonly recovery: string }
  | { readonly passkey: string; readonly counter: number; readonly issued: number };

/** What was wrong at a sign-in. */
export type FailedStep = 'password' | 'factor';

/** An officer's account, by its name `officer`. What is secret is sealed with the officer's own key. */
export type OfficerEvent =
  | Event<'OfficerAdded', { officer: string } & Duties & SetupCode>
  /** Password, second factor and sessions are gone; the code begins anew. `change`: the proposal that was approved; none from the host. */
  | Event<'OfficerReset', { officer: string; change?: string } & SetupCode>
  | Event<'OfficerPasswordSet', { officer: string; password: Sealed<PasswordHash> }>
  /** `secret`: of TOTP; `recovery`: digests of the recovery codes. */
  | Event<'OfficerFactorEnrolled', { officer: string; secret: Sealed<string>; recovery: readonly string[] }>
  /** A passkey as the only factor, at the first sign-in. */
  | Event<'OfficerPasskeyEnrolled', { officer: string; name: string; recovery: readonly string[] } & Passkey>
  | Event<'OfficerPasskeyAdded', { officer: string; name: string } & Passkey>
  | Event<'OfficerPasskeyRemoved', { officer: string; passkey: string }>
  /** Sessions are over too. */
  | Event<'OfficerSuspended', { officer: string }>
  | Event<'OfficerReinstated', { officer: string }>
  /** `by`: the account of the administrator who proposes. */
  | Event<'OfficerChangeProposed', { officer: string; change: string; by: string; what: OfficerChange; reason: string }>
  /** Taken back by who proposed it, or refused by another: the metadata says by whom. */
  | Event<'OfficerChangeDeclined', { officer: string; change: string }>
  /** A second administrator has approved. Sessions are over. */
  | Event<'OfficerDutiesChanged', { officer: string; change: string } & Duties>
  | Event<'OfficerSignedIn', { officer: string; session: string; device: Sealed<Device>; proof: FactorProof }>
  /** The second factor was asked for again within a session. */
  | Event<'OfficerFactorProved', { officer: string; session: string; device: Sealed<Device>; proof: FactorProof }>
  | Event<'OfficerSignedOut', { officer: string; session: string }>
  /** Somebody knew the account and not its password, or the password and not the second factor; the device of the last time. */
  | Event<'OfficerSignInsFailed', { officer: string; at: FailedStep; times: number; device: Sealed<Device> }>;

export const officerEvents: EventTypes<OfficerEvent> = {
  OfficerAdded: [],
  OfficerReset: [],
  OfficerPasswordSet: [],
  OfficerFactorEnrolled: [],
  OfficerPasskeyEnrolled: [],
  OfficerPasskeyAdded: [],
  OfficerPasskeyRemoved: [],
  OfficerSuspended: [],
  OfficerReinstated: [],
  OfficerChangeProposed: [],
  OfficerChangeDeclined: [],
  OfficerDutiesChanged: [],
  OfficerSignedIn: [],
  OfficerFactorProved: [],
  OfficerSignedOut: [],
  OfficerSignInsFailed: [],
};
