import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** The personal part of a registration, sealed wherever it is stored. `birth` is a date, `YYYY-MM-DD`. */
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

/** A registration; not personal are the district of site confirmation and the period of registration 注册时间. */
export interface Registration {
  readonly candidateId: string;
  readonly district: string;
  readonly registeredPeriod: string;
  readonly person: Sealed<Person>;
  /** Digest of the photo's bytes, by which the vault's folder stores it; without one: 照片未上传. */
  readonly photo?: string | undefined;
  /** Keyed digest of the values, to tell a correction from a repeat without opening anything. */
  readonly digest: string;
}

/** The personal values that can be corrected one by one, each sealed by itself. The admission number never changes. */
export type PersonalField = Exclude<keyof Person, 'admissionNo'>;
export type SealedValues = { readonly [Field in PersonalField]?: Sealed<string> };

export type AccountState = 'normal' | 'frozen' | 'suspended' | 'closed';

/**
 * A password by its hash. One that the person sets (`everywhere`) is valid at the person's other numbers from then on, and is copied
 * there afterwards (`copyOf`). Earlier releases wrote neither field.
 */
interface SetPassword {
  readonly candidateId: string;
  readonly password: Sealed<PasswordHash>;
  readonly everywhere?: Everywhere;
  /** Set by the person at another number: the id of that event. */
  readonly copyOf?: string;
  /** The same password by a better hash. */
  readonly rehashed?: true;
}

/** How a password that the person has set applies to all of the person's admission numbers. */
export interface Everywhere {
  /** When it was set, by the recording process's clock: ISO 8601, UTC. */
  readonly at: string;
  /** The candidate ids of the person's other admission numbers at that time. */
  readonly others: Sealed<readonly string[]>;
  /** The session in which it was set, which is not ended. */
  readonly keptSession?: KeptSession;
}

export interface KeptSession {
  readonly session: string;
  /** ISO 8601, UTC. */
  readonly began: string;
}

export type RegistrationEvent =
  | Event<'CandidateRegistered', Registration>
  | Event<'CandidateCorrected', Registration>
  /** Only what is named changed. `digest`: of the whole person afterwards. */
  | Event<'PersonCorrected', { candidateId: string; values: SealedValues; district?: string; registeredPeriod?: string; digest: string }>
  | Event<'AccountStateChanged', { candidateId: string; state: AccountState }>
  | Event<'SiteConfirmed', { candidateId: string }>
  | Event<'SiteConfirmationWithdrawn', { candidateId: string }>
  | Event<'PasswordSet', SetPassword>
  /** A one-time code for a new password was issued, valid until an instant (ISO 8601, UTC): its keyed hash, in base64url. */
  | Event<'ResetCodeIssued', { candidateId: string; code: string; until: string }>
  /** The candidate has proved by other means than the old password who sets the new one; `PasswordSet` follows. */
  | Event<'PasswordReset', { candidateId: string; way: ResetWay }>
  | Event<'MajorAdded', { candidateId: string; major: string; period: string }>
  | Event<'MajorGraduated', { candidateId: string; major: string }>
  | Event<'MajorLeft', { candidateId: string; major: string }>
  /** It was recorded wrongly: as if it had never been added. */
  | Event<'MajorWithdrawn', { candidateId: string; major: string }>
  /** It was recorded wrongly: as if nobody had ever been registered under the number, which the vault still knows. */
  | Event<'RegistrationVoided', { candidateId: string }>
  /** `tombstone`: the vault's hash of the admission number (`Vault.tombstone`); missing in events of earlier releases. */
  | Event<'CandidateForgotten', { candidateId: string; tombstone?: string }>;

/** By a code of an office, by 北京通 at real-name level L3 or L4, or because the password was set at another number of the person. */
export type ResetWay = 'code' | 'real_name' | 'other_number';

/** In PHC form (`$argon2id$…`) or bcrypt's own (`$2b$…`). */
export type PasswordHash = string;

export const registrationEvents: EventTypes<RegistrationEvent> = {
  CandidateRegistered: [],
  CandidateCorrected: [],
  PersonCorrected: [],
  AccountStateChanged: [],
  SiteConfirmed: [],
  SiteConfirmationWithdrawn: [],
  PasswordSet: [],
  ResetCodeIssued: [],
  PasswordReset: [],
  MajorAdded: [],
  MajorGraduated: [],
  MajorLeft: [],
  MajorWithdrawn: [],
  RegistrationVoided: [],
  CandidateForgotten: [],
};
