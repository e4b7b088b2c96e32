import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** What is personal in a registration; sealed wherever it is kept. `birth` is a date, `YYYY-MM-DD`. */
export interface Person {
  readonly admissionNo: string;
  readonly name: string;
  readonly idType: string;
  readonly idNo: string;
  readonly sex: string;
  readonly birth: string;
  readonly health: string;
  readonly ethnicity: string;
  readonly household: string;
}

/** What is not: the district of site confirmation, and the period of registration 注册时间. */
export interface Registration {
  readonly candidateId: string;
  readonly district: string;
  readonly registeredPeriod: string;
  readonly person: Sealed<Person>;
  /** Digest of the photo's bytes, under which the vault's folder holds it; none: 照片未上传. */
  readonly photo?: string | undefined;
  /** Keyed digest of the values, to tell a correction from a repeat without opening anything. */
  readonly digest: string;
}

export type AccountState = 'normal' | 'frozen' | 'suspended' | 'closed';

/**
 * A password by its hash. One that the person has set at this number says so (`everywhere`) and counts at all others from then on, where
 * it is then recorded as well. Releases before said neither.
 */
interface SetPassword {
  readonly candidateId: string;
  readonly password: Sealed<PasswordHash>;
  readonly everywhere?: Everywhere;
  /** Set by the person at another number: the id of that event. */
  readonly copyOf?: string;
  /** The password of before, by a better hash. */
  readonly rehashed?: true;
}

/** What a password that the person has set changes beside its number. */
export interface Everywhere {
  /** When, by the clock of who recorded it: ISO 8601, UTC. */
  readonly at: string;
  /** The candidates that were the person's other admission numbers then. */
  readonly others: Sealed<readonly string[]>;
  /** The session in which it was set, which goes on, and since when it lasts: ISO 8601, UTC. */
  readonly keptSession?: KeptSession;
}

export interface KeptSession {
  readonly session: string;
  readonly began: string;
}

export type RegistrationEvent =
  | Event<'CandidateRegistered', Registration>
  | Event<'CandidateCorrected', Registration>
  | Event<'AccountStateChanged', { candidateId: string; state: AccountState }>
  | Event<'SiteConfirmed', { candidateId: string }>
  | Event<'SiteConfirmationWithdrawn', { candidateId: string }>
  | Event<'PasswordSet', SetPassword>
  /** A one-time code for a new password was handed out, until an instant (ISO 8601, UTC): its keyed hash, in base64url. */
  | Event<'ResetCodeIssued', { candidateId: string; code: string; until: string }>
  /** The candidate has shown another way than by the old password who sets the new one, which follows. */
  | Event<'PasswordReset', { candidateId: string; way: ResetWay }>
  | Event<'MajorAdded', { candidateId: string; major: string; period: string }>
  | Event<'MajorGraduated', { candidateId: string; major: string }>
  | Event<'MajorLeft', { candidateId: string; major: string }>
  | Event<'CandidateForgotten', { candidateId: string }>;

/** By a code of an office, by 北京通 at real-name level L3 or L4, or as another admission number of the same person had its password set. */
export type ResetWay = 'code' | 'real_name' | 'other_number';

/** In PHC form (`$argon2id$…`) or bcrypt's own (`$2b$…`). */
export type PasswordHash = string;

export const registrationEvents: EventTypes<RegistrationEvent> = {
  CandidateRegistered: [],
  CandidateCorrected: [],
  AccountStateChanged: [],
  SiteConfirmed: [],
  SiteConfirmationWithdrawn: [],
  PasswordSet: [],
  ResetCodeIssued: [],
  PasswordReset: [],
  MajorAdded: [],
  MajorGraduated: [],
  MajorLeft: [],
  CandidateForgotten: [],
};
