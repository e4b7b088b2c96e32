import { evolved } from '../../event-store/decider.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { officer } from './officer.decider.js';
import type { Duties, OfficerEvent } from './officers.events.js';
import { refused } from './officers.refusals.js';
import { officerStream } from './officers.streams.js';

/** What an officer may do now, as the log has it: a session may not have been ended yet. @throws Refusal officer.not_active */
export async function activeDuties(account: string, events: Pick<EventStore, 'streams'>): Promise<Duties> {
  const [history = []] = await events.streams([officerStream(account).name]);
  const { exists, suspended, duties } = evolved(officer, readableEvents<OfficerEvent>(history));
  if (!exists || suspended) throw refused('officer.not_active', { officer: account });
  return duties;
}
