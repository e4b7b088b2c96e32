import type { Decider } from '../../event-store/decider.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import type { Sealed } from '../../vault/vault.js';
import type { Duties, OfficerEvent, Role, SetupCode } from './officers.events.js';
import { refused } from './officers.refusals.js';

/** How long a one-time code for a password is valid, in milliseconds. */
export const SETUP_CODE_LASTS = 24 * 3_600_000;

/** Roles that nobody has with another: who gives rights has no other, and who watches changes nothing. */
const ALONE: readonly Role[] = ['administrator', 'auditor'];

/** Small letters alone, so that no two accounts look the same; the name stands in the log beside whatever the officer does. */
const ACCOUNT = /^[a-z0-9][a-z0-9._-]{1,31}$/;

/** An account as the log has it. */
export interface OfficerAccount {
  readonly exists: boolean;
  readonly suspended: boolean;
  readonly duties: Duties;
  readonly code?: SetupCode | undefined;
  readonly password?: Sealed<PasswordHash> | undefined;
}

export const officer: Decider<OfficerAccount, OfficerEvent> = {
  initial: () => ({ exists: false, suspended: false, duties: { roles: [], districts: [] } }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'OfficerAdded':
        return { exists: true, suspended: false, duties: dutiesOf(data), code: codeOf(data) };
      case 'OfficerReset':
        return { ...state, code: codeOf(data), password: undefined };
      case 'OfficerPasswordSet':
        return { ...state, code: undefined, password: data.password };
      case 'OfficerSuspended':
        return { ...state, suspended: true };
      case 'OfficerReinstated':
        return { ...state, suspended: false };
    }
  },
};

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
function assertDuties({ roles, districts }: Duties): void {
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

/** @throws Refusal officer.unknown */
export function suspendOfficer(state: OfficerAccount, account: string): OfficerEvent[] {
  assertExists(state, account);
  return state.suspended ? [] : [{ type: 'OfficerSuspended', data: { officer: account } }];
}

/** @throws Refusal officer.unknown */
export function reinstateOfficer(state: OfficerAccount, account: string): OfficerEvent[] {
  assertExists(state, account);
  return state.suspended ? [{ type: 'OfficerReinstated', data: { officer: account } }] : [];
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

function assertExists(state: OfficerAccount, account: string): void {
  if (!state.exists) throw refused('officer.unknown', { officer: account });
}
