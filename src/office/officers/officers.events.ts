import type { Event } from '../../event-store/event.js';
import type { EventTypes } from '../../event-store/event-types.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import type { Sealed } from '../../vault/vault.js';

/** 市级经办, 审批人, 区自考办, 财务, 审计, 运维, 账户管理员. */
export type Role = 'city' | 'approver' | 'district' | 'finance' | 'auditor' | 'operator' | 'administrator';

/** What an officer is: the roles, and for 区自考办 the districts by name, as candidates have them. */
export interface Duties {
  readonly roles: readonly Role[];
  readonly districts: readonly string[];
}

/** A code by which the account's password is set once: its digest by the officer's key, and until when (ISO 8601, UTC). */
export interface SetupCode {
  readonly code: string;
  readonly until: string;
}

/** An officer's account, by its name `officer`. What is secret is sealed with the officer's own key. */
export type OfficerEvent =
  | Event<'OfficerAdded', { officer: string } & Duties & SetupCode>
  /** The password is gone; the code begins anew. */
  | Event<'OfficerReset', { officer: string } & SetupCode>
  | Event<'OfficerPasswordSet', { officer: string; password: Sealed<PasswordHash> }>
  | Event<'OfficerSuspended', { officer: string }>
  | Event<'OfficerReinstated', { officer: string }>;

export const officerEvents: EventTypes<OfficerEvent> = {
  OfficerAdded: [],
  OfficerReset: [],
  OfficerPasswordSet: [],
  OfficerSuspended: [],
  OfficerReinstated: [],
};
