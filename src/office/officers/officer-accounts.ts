import { Injectable } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import type { OfficerAccount } from './officer.decider.js';
import { officerAccount } from './officer-account.js';

/** `officerAccount` for pages. */
@Injectable()
export class OfficerAccounts {
  constructor(private readonly events: EventStore) {}

  /** @throws StoreUnavailable */
  of(account: string): Promise<OfficerAccount> {
    return officerAccount(account, this.events);
  }
}
