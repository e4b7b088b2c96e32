import type { EventStore } from '../../event-store/event-store.js';
import { refused } from './officers.refusals.js';
import { officerStream } from './officers.streams.js';

/** @throws Refusal officer.unknown */
export async function assertOfficerExists(account: string, events: EventStore): Promise<void> {
  const [history = []] = await events.streams([officerStream(account).name]);
  if (history.length === 0) throw refused('officer.unknown', { officer: account });
}
