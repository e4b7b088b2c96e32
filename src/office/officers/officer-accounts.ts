import { Injectable } from '@nestjs/common';
import { evolved } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { type OfficerAccount, officer } from './officer.decider.js';
import type { OfficerEvent } from './officers.events.js';
import { officerStream } from './officers.streams.js';

/** Accounts as the log has them, for deciding who enters: the read model may be behind, and holds nothing secret. */
@Injectable()
export class OfficerAccounts {
  constructor(private readonly events: EventStore) {}

  /** @throws StoreUnavailable */
  async of(account: string): Promise<OfficerAccount> {
    const [history = []] = await this.events.streams([officerStream(account).name]);
    return evolved(officer, readableEvents<OfficerEvent>(history));
  }
}
