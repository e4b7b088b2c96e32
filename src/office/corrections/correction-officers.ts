import type { EventStore } from '../../event-store/event-store.js';
import { currentState } from '../../event-store/reading/current-state.js';
import { candidate } from '../../registrations/candidate.decider.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import { activeDuties } from '../officers/active-officer.js';
import type { Duties } from '../officers/officers.events.js';
import { DistrictScope } from '../scope/district-scope.js';
import { mayPropose, maySeeUnreleased } from './correction-roles.js';
import { listedCandidates } from './correction-rows.js';
import type { CorrectionName, ProposalTerms } from './corrections.events.js';
import { refused } from './corrections.refusals.js';

type Log = Pick<EventStore, 'streams'>;

/** That an officer may propose a kind of correction now. @throws Refusal officer.not_active, correction.not_allowed */
export async function assertProposer(account: string, kind: CorrectionName, events: Log): Promise<void> {
  const { roles } = await activeDuties(account, events);
  if (!mayPropose(roles, kind)) throw refused('correction.not_allowed');
}

/** Whether an officer is an approver now. @throws Refusal officer.not_active */
export async function isApproverNow(account: string, events: Log): Promise<boolean> {
  const { roles } = await activeDuties(account, events);
  return roles.includes('approver');
}

/**
 * Whether a proposal is there for an officer with these duties: any for who sees what is unreleased; for others what they have proposed
 * themselves, while they could propose all of it now. Duties change after a proposal, and candidates move.
 */
export async function maySee(account: string, duties: Duties, terms: ProposalTerms, events: Log): Promise<boolean> {
  if (maySeeUnreleased(duties.roles)) return true;
  return account === terms.by && mayProposeAll(duties, terms, events);
}

/** Whether an officer with these duties could propose all of it now. */
export async function mayProposeAll(duties: Duties, terms: ProposalTerms, events: Log): Promise<boolean> {
  if (!mayPropose(duties.roles, terms.kind)) return false;
  const scope = proposingScope(duties, terms.kind);
  if (!scope.districts) return true;
  for (let chunk = 0; chunk < terms.chunks; chunk++) {
    const ids = await listedCandidates(events, terms.correction, chunk);
    const districts = await Promise.all(ids.map((id) => districtNow(id, events)));
    if (!districts.every((district) => scope.includes(district))) return false;
  }
  return true;
}

/** The same for an officer as of now. @throws Refusal officer.not_active; correction.unknown also for what is not there for the officer */
export async function assertMaySee(account: string, correction: string, terms: ProposalTerms | undefined, events: Log): Promise<ProposalTerms> {
  const duties = await activeDuties(account, events);
  if (!terms || !(await maySee(account, duties, terms, events))) throw refused('correction.unknown', { correction });
  return terms;
}

/** Whose rows of a kind an officer with these duties proposes: the city's finance proposes no confirmation. */
export function proposingScope({ roles, districts }: Duties, kind: CorrectionName): DistrictScope<'propose_corrections'> {
  return DistrictScope.of({ roles: roles.filter((role) => mayPropose([role], kind)), districts }, 'propose_corrections');
}

/** Where a candidate is registered, as the log has it; undefined where that is nowhere. */
export async function districtNow(candidateId: string, events: Log): Promise<string | undefined> {
  const { registered } = await currentState(events, candidateStream(candidateId), candidate);
  return registered?.district;
}
