import type { OnApplicationBootstrap } from '@nestjs/common';
import { type Position, type Recorded, START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import { readableEvents } from '../event-store/reading/fold-history.js';
import { log } from '../kernel/log.js';
import { retryUntilAvailable } from '../kernel/retry-until-available.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Vault } from '../vault/vault.js';
import { followIdentity, registeredIdentifiers } from './identifiers.js';
import type { RegistrationEvent } from './registrations.events.js';

type Followed = Extract<RegistrationEvent, { type: 'CandidateRegistered' | 'CandidateForgotten' | 'PersonCorrected' }>;
const FILTER = { types: ['CandidateRegistered', 'CandidateForgotten', 'PersonCorrected'] satisfies Followed['type'][] };
const PAGE = 1_000;

/**
 * Before anything is served, erases from the vault every candidate who is forgotten in the log, and has it find corrected persons by
 * their values of now: the vault may be restored from an older backup, or a process may have died between the event and the vault. Reads the log from the vault's checkpoint, or from
 * the start when the checkpoint belongs to another log.
 */
export class VaultErasures implements OnApplicationBootstrap {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await retryUntilAvailable('the log', () => this.apply());
  }

  /** Idempotent. @throws StoreUnavailable when the log cannot be read or a candidate cannot be erased */
  async apply(): Promise<void> {
    const head = await this.events.head();
    const last = await this.events.at(head);
    let { position, candidates } = await this.appliedUpTo();
    if (!last || position === head) return;
    for (let end = false; !end; ) {
      const page = await this.events.read(position, PAGE, FILTER);
      for (const event of readableEvents<Followed>(page.events)) {
        if (event.position <= head) candidates += changeOfNumber(event);
        await this.follow(event);
      }
      ({ position, end } = page);
    }
    try {
      await this.vault.setForgottenUpTo({ position: head, eventId: last.id, candidates });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error }, 'how far forgettings were followed cannot be kept now: the next start reads them again');
    }
  }

  private async follow({ type, data, position }: Recorded<Followed>): Promise<void> {
    if (type === 'CandidateForgotten') return this.vault.forget(data.candidateId, data.tombstone);
    if (type === 'CandidateRegistered') return; // the vault's row is there before the event
    if (data.values.name === undefined && data.values.idNo === undefined) return;
    const [identifiers] = await registeredIdentifiers(this.events, [await this.vault.safe(data.candidateId)]);
    if (identifiers) await followIdentity(this.events, this.vault, data.candidateId, { position, recorded: 0 }, identifiers);
  }

  /** The position up to which all erasures are done, and the number of candidates there. */
  private async appliedUpTo(): Promise<{ position: Position; candidates: number }> {
    const { position, eventId, candidates } = (await this.vault.forgottenUpTo()) ?? {};
    if (position === undefined || candidates === undefined || (await this.events.at(position))?.id !== eventId) return { position: START, candidates: 0 };
    return { position, candidates };
  }
}

/** By how much an event changes the number of candidates who are registered and not forgotten: each once, however often registered anew. */
export function changeOfNumber({ type, revision }: Pick<Recorded<RegistrationEvent>, 'type' | 'revision'>): number {
  if (type === 'CandidateForgotten') return -1;
  return type === 'CandidateRegistered' && revision === 0 ? 1 : 0;
}
