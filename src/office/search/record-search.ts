import { Injectable } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Vault } from '../../vault/vault.js';
import { type FoundRecord, recordsNamed } from './records.js';

/** `recordsNamed` on the stores of the centre, for pages. */
@Injectable()
export class RecordSearch {
  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
  ) {}

  /** Nothing for an empty text. */
  async named(text: string): Promise<readonly FoundRecord[]> {
    return text.trim() === '' ? [] : recordsNamed(text, { events: this.events, readModels: this.readModels, vault: this.vault });
  }
}
