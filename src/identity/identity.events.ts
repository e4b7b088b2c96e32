import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** From where a session was begun: shown to the candidate only. */
export interface Device {
  readonly address: string;
  readonly userAgent: string;
}

/** By what who signs in has shown who it is: the password where nothing is said; `switch`: by a session of another admission number. */
export type SignInWay = 'password' | 'bjt' | 'switch';

export type IdentityEvent =
  /**
   * `at`: when (ISO 8601, UTC); missing in what the first release recorded. `password`: the event by which the password was set, for who
   * has entered by one; releases before did not say it.
   */
  | Event<'SignedIn', { candidateId: string; session: string; device: Sealed<Device>; way?: SignInWay; at?: string; password?: string }>
  /** Somebody had the number and not the password, so many times since it was last said; `device`: the last time. */
  | Event<'SignInsFailed', { candidateId: string; times: number; device: Sealed<Device> }>
  /** All were ended but perhaps one; who has shown before that instant (ISO 8601, UTC) who it is, and is not in yet, comes in no more by it; but for whoever did at `spared`, which is how a session that goes on is known at all numbers. `password`: because of this event, by which one was set. */
  | Event<'SessionsEnded', { candidateId: string; before: string; spared?: string; password?: string }>
  /** `until`: the instant after which the session's cookies would be refused anyway. */
  | Event<'SignedOut', { candidateId: string; session: string; until: string }>;

export const identityEvents: EventTypes<IdentityEvent> = { SignedIn: [], SignInsFailed: [], SessionsEnded: [], SignedOut: [] };
