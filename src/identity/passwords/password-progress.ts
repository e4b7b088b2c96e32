import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import type { Event, Recorded } from '../../event-store/event.js';
import { EventStore } from '../../event-store/event-store.js';
import { Clock } from '../../kernel/clock.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { passwordInForce } from '../../registrations/passwords/password-in-force.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { Vault } from '../../vault/vault.js';
import type { IdentityEvent } from '../identity.events.js';
import { loginStreams } from '../sessions/login.streams.js';

/** How long a page waits for what follows from a new password, and how often it looks, in milliseconds. */
const PATIENCE = 1_000;
const AGAIN = 50;
const MARK = /^(?<position>[\w-]{1,64})\.(?<command>[\w-]{36})$/;

/** How far a new password has come: what follows is done; is still to come; or another was set since. */
type State = 'done' | 'under way' | 'superseded';

/** With the address, of a page of its own, at which it is looked at again. */
export interface Progress {
  readonly state: State;
  readonly again: string;
}

/** How far what follows from a new password has come, for the page that is shown after it. */
@Injectable()
export class PasswordProgress {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /**
   * Waits a moment for it.
   * @param path of the page that shows it
   * @param mark of `addressAfter`; undefined for what is none, or of nothing that is recorded
   */
  async of(path: string, mark: unknown): Promise<Progress | undefined> {
    const { position, command } = MARK.exec(String(mark))?.groups ?? {};
    if (position === undefined) return undefined;
    const end = performance.now() + PATIENCE;
    for (;;) {
      const state = await this.look(position, command);
      if (state !== 'under way' || performance.now() >= end) return state && { state, again: `${path}?done=${mark}` };
      await pause(AGAIN);
    }
  }

  /** While the log does not answer nothing is said to be done. */
  private async look(position: string, command: string | undefined): Promise<State | undefined> {
    try {
      const event = await this.events.at(position);
      if (!event || event.metadata.command !== command || !isPasswordSet(event)) return undefined;
      const { candidateId, everywhere } = event.data;
      if (!everywhere) return undefined;
      if (await hasEndedSessions(candidateId, event.id, everywhere.at, this.clock.instant(), this.events)) return 'done';
      return (await passwordInForce(candidateId, this.events, this.vault))?.passwordEvent === event.id ? 'under way' : 'superseded';
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'under way';
      throw error;
    }
  }
}

/** Where what follows is shown: nobody else knows the command's id. */
export function addressAfter(path: string, { id }: Given, { position }: Appended): string {
  return `${path}?done=${position}.${id}`;
}

/**
 * Whether the sessions of before have ended at a candidate's number because of a password.
 * @param at when it was set, and `now`: ISO 8601, UTC
 * @throws StoreUnavailable
 */
export async function hasEndedSessions(candidateId: string, passwordEvent: string, at: string, now: string, events: EventStore): Promise<boolean> {
  const logins = await events.streams(loginStreams(candidateId, at, now).map(({ name }) => name));
  return logins.flat().some((event) => isSessionsEnded(event) && event.data.password === passwordEvent);
}

type Of<E extends Event, Type extends E['type']> = Recorded<Extract<E, { type: Type }>>;

function isSessionsEnded(event: Recorded): event is Of<IdentityEvent, 'SessionsEnded'> {
  return event.type === 'SessionsEnded' && !event.unknown;
}

function isPasswordSet(event: Recorded): event is Of<RegistrationEvent, 'PasswordSet'> {
  return event.type === 'PasswordSet' && !event.unknown;
}
