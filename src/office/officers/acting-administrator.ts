import type { EventStore } from '../../event-store/event-store.js';
import { activeDuties } from './active-officer.js';
import { refused } from './officers.refusals.js';

/** Whether an officer is an administrator now, as the log has it: the session may not have been ended yet. @throws Refusal officer.not_active, officer.not_administrator */
export async function assertAdministrator(account: string, events: EventStore): Promise<void> {
  const { roles } = await activeDuties(account, events);
  if (!roles.includes('administrator')) throw refused('officer.not_administrator');
}
