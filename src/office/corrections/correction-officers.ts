import type { EventStore } from '../../event-store/event-store.js';
import { activeDuties } from '../officers/active-officer.js';
import { mayPropose, maySeeUnreleased } from './correction-roles.js';
import type { CorrectionName } from './corrections.events.js';
import { refused } from './corrections.refusals.js';

/** That an officer may propose a kind of correction now. @throws Refusal officer.not_active, correction.not_allowed */
export async function assertProposer(account: string, kind: CorrectionName, events: Pick<EventStore, 'streams'>): Promise<void> {
  const { roles } = await activeDuties(account, events);
  if (!mayPropose(roles, kind)) throw refused('correction.not_allowed');
}

/** Whether an officer is an approver now. @throws Refusal officer.not_active */
export async function isApproverNow(account: string, events: Pick<EventStore, 'streams'>): Promise<boolean> {
  const { roles } = await activeDuties(account, events);
  return roles.includes('approver');
}

/** That an officer may see the preview of a proposal now: values that are not released, and persons. @throws Refusal officer.not_active, correction.not_allowed */
export async function assertMayLook(account: string, proposer: string | undefined, events: Pick<EventStore, 'streams'>): Promise<void> {
  const { roles } = await activeDuties(account, events);
  if (account !== proposer && !maySeeUnreleased(roles)) throw refused('correction.not_allowed');
}
