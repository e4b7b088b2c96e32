import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type Position, START } from '../event-store/event.js';
import { EventStore } from '../event-store/event-store.js';
import { log } from '../kernel/log.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { Vault } from '../vault/vault.js';
import type { RegistrationEvent } from './registrations.events.js';

const FILTER = { types: ['CandidateForgotten'] satisfies RegistrationEvent['type'][] };
const PAGE = 1_000;

/**
 * Before anything is served: whoever is forgotten by the log is forgotten by the vault too. It may be an older one that was
 * restored, or a process may have died between the event and the deletion. Only what was recorded since the last start is
 * read; all of the log when the vault has seen another one.
 */
@Injectable()
export class Forgettings implements OnApplicationBootstrap {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await retryUntilAvailable('the log', () => this.apply());
  }

  /** Again changes nothing. @throws StoreUnavailable when somebody could not be forgotten, or nobody can tell */
  async apply(): Promise<void> {
    const head = await this.events.head();
    const last = await this.events.at(head);
    let position = await this.known();
    if (!last || position === head) return;
    for (let end = false; !end; ) {
      const page = await this.events.read(position, PAGE, FILTER);
      for (const { subject } of page.events) if (subject !== undefined) await this.vault.forget(subject);
      ({ position, end } = page);
    }
    try {
      await this.vault.setForgottenUpTo({ position: head, eventId: last.id });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error }, 'how far forgettings were followed cannot be kept now: the next start reads them again');
    }
  }

  /** Up to where nothing is left to be done. */
  private async known(): Promise<Position> {
    const mark = await this.vault.forgottenUpTo();
    return mark && (await this.events.at(mark.position))?.id === mark.eventId ? mark.position : START;
  }
}
