import type { EventStore } from '../../event-store/event-store.js';
import { officerAccount } from './officer-account.js';
import type { Duties } from './officers.events.js';
import { refused } from './officers.refusals.js';

/** What an officer may do now, as the log has it: a session may not have been ended yet. @throws Refusal officer.not_active */
export async function activeDuties(account: string, events: Pick<EventStore, 'streams'>): Promise<Duties> {
  const { exists, suspended, duties } = await officerAccount(account, events);
  if (!exists || suspended) throw refused('officer.not_active', { officer: account });
  return duties;
}
