import { assertDuties, assertExists, type OfficerAccount } from './officer.decider.js';
import type { OfficerChange, OfficerEvent, SetupCode } from './officers.events.js';
import { refused } from './officers.refusals.js';

/** A change that an administrator proposes and a second one approves. */
export interface ProposedChange {
  readonly account: string;
  readonly change: string;
  /** The administrator who proposes. */
  readonly by: string;
  readonly what: OfficerChange;
  readonly reason: string;
}

/** The decision about a proposal, by another administrator. */
interface Decision {
  readonly account: string;
  readonly change: string;
  readonly by: string;
}

/** @throws Refusal officer.unknown, officer.own_account, officer.change_open, officer.no_change, and those of `assertDuties` */
export function proposeChange(state: OfficerAccount, { account, change, by, what, reason }: ProposedChange): OfficerEvent[] {
  assertExists(state, account);
  if (by === account) throw refused('officer.own_account');
  if (state.change) throw refused('officer.change_open', { officer: account });
  if (what !== 'reset') {
    assertDuties(what);
    if (sameNames(what.roles, state.duties.roles) && sameNames(what.districts, state.duties.districts)) throw refused('officer.no_change');
  }
  return [{ type: 'OfficerChangeProposed', data: { officer: account, change, by, what, reason } }];
}

/**
 * Makes the change that was proposed.
 * @param code for a reset
 * @throws Refusal officer.change_gone, officer.own_account, officer.own_proposal
 */
export function approveChange(state: OfficerAccount, { account, change, by }: Decision, code: SetupCode): OfficerEvent[] {
  const { what, by: proposer } = openChange(state, change);
  if (by === account) throw refused('officer.own_account');
  if (by === proposer) throw refused('officer.own_proposal');
  if (what === 'reset') return [{ type: 'OfficerReset', data: { officer: account, change, ...code } }];
  return [{ type: 'OfficerDutiesChanged', data: { officer: account, change, roles: what.roles, districts: what.districts } }];
}

/** The proposer takes it back, or another administrator does not agree. @throws Refusal officer.change_gone, officer.own_account */
export function declineChange(state: OfficerAccount, { account, change, by }: Decision): OfficerEvent[] {
  openChange(state, change);
  if (by === account) throw refused('officer.own_account');
  return [{ type: 'OfficerChangeDeclined', data: { officer: account, change } }];
}

function openChange(state: OfficerAccount, change: string): NonNullable<OfficerAccount['change']> {
  if (state.change?.id !== change) throw refused('officer.change_gone');
  return state.change;
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}
