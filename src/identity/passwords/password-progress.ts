import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { Clock } from '../../kernel/clock.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { passwordInForce } from '../../registrations/passwords/password-in-force.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { Vault } from '../../vault/vault.js';
import { hasEndedSessions } from './ended-by-password.js';

/** Milliseconds that a page waits until a new password is in force everywhere, and between two looks. */
const TIMEOUT = 1_000;
const POLL_INTERVAL = 50;
const TOKEN = /^(?<position>[\w-]{1,64})\.(?<command>[\w-]{36})$/;

/** `done`: it is recorded at all numbers, and the sessions of before have ended; `superseded`: another password was set since. */
type State = 'done' | 'under way' | 'superseded';

export interface Progress {
  readonly state: State;
  /** The address that shows the progress again. */
  readonly again: string;
}

/** The progress of a new password (FinishPassword), for the page that is shown after it was set. */
@Injectable()
export class PasswordProgress {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits a second for it to be done.
   * @param path of the page that shows it
   * @param token in the query of `progressAddress`
   * @returns undefined for a malformed token, or one of no recorded password
   */
  async of(path: string, token: unknown): Promise<Progress | undefined> {
    const { position, command } = TOKEN.exec(String(token))?.groups ?? {};
    if (position === undefined) return undefined;
    const end = performance.now() + TIMEOUT;
    for (;;) {
      const state = await this.look(position, command);
      if (state !== 'under way' || performance.now() >= end) return state && { state, again: `${path}?done=${token}` };
      await pause(POLL_INTERVAL);
    }
  }

  /** While the log does not answer, or holds what only a newer release can read, nothing is called done. */
  private async look(position: string, command: string | undefined): Promise<State | undefined> {
    try {
      const event = await this.events.at(position);
      if (event?.metadata.command !== command) return undefined;
      const [set] = readableEvents<RegistrationEvent>(event ? [event] : []);
      if (set?.type !== 'PasswordSet') return undefined;
      const { candidateId, everywhere } = set.data;
      if (!everywhere) return undefined;
      if (await hasEndedSessions(candidateId, set.id, everywhere.at, this.clock.instant(), this.events)) return 'done';
      return (await passwordInForce(candidateId, this.events, this.vault))?.passwordEvent === set.id ? 'under way' : 'superseded';
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'under way';
      throw error;
    }
  }
}

/** The address of the progress. Nobody else can know it, because it holds the command's id. */
export function progressAddress(path: string, { id }: Given, { position }: Appended): string {
  return `${path}?done=${position}.${id}`;
}
