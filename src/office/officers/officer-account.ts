import { evolved } from '../../event-store/decider.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { type OfficerAccount, officer } from './officer.decider.js';
import type { OfficerEvent } from './officers.events.js';
import { officerStream } from './officers.streams.js';

/** An account as the log has it, for deciding who enters: the read model may be behind, and holds nothing secret. @throws StoreUnavailable */
export async function officerAccount(account: string, events: Pick<EventStore, 'streams'>): Promise<OfficerAccount> {
  const [history = []] = await events.streams([officerStream(account).name]);
  return evolved(officer, readableEvents<OfficerEvent>(history));
}
