import { evolved } from '../../event-store/decider.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { officer } from './officer.decider.js';
import type { OfficerEvent } from './officers.events.js';
import { refused } from './officers.refusals.js';
import { officerStream } from './officers.streams.js';

/** Whether an officer is an administrator now, as the log has it: the session may not have been ended yet. @throws Refusal officer.not_administrator */
export async function assertAdministrator(account: string, events: EventStore): Promise<void> {
  const [history = []] = await events.streams([officerStream(account).name]);
  const { suspended, duties } = evolved(officer, readableEvents<OfficerEvent>(history));
  if (suspended || !duties.roles.includes('administrator')) throw refused('officer.not_administrator');
}
