import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { Sealed } from '../vault/vault.js';

/** Where a session was begun; shown to the candidate only. */
export interface Device {
  readonly address: string;
  readonly userAgent: string;
}

/** How a person has proved who it is: by password where it is missing; `switch`: by a session of another admission number. */
export type SignInWay = 'password' | 'bjt' | 'switch';

export type IdentityEvent =
  /**
   * `at`: when (ISO 8601, UTC); missing in events of the first release. `password`: the event by which the password was set that was
   * used; missing in events of earlier releases.
   */
  | Event<'SignedIn', { candidateId: string; session: string; device: Sealed<Device>; way?: SignInWay; at?: string; password?: string }>
  /** Somebody knew the number and not the password, so many times since the last such event; `device`: of the last time. */
  | Event<'SignInsFailed', { candidateId: string; times: number; device: Sealed<Device> }>
  /**
   * All sessions were ended but perhaps one. A proof of identity from before the instant `before` (ISO 8601, UTC) begins no session any more,
   * unless it is from `spared`: by that the session that goes on is recognised at all numbers. `password`: the event by which a password
   * was set, where that is why they ended.
   */
  | Event<'SessionsEnded', { candidateId: string; before: string; spared?: string; password?: string }>
  /** `until`: the instant at which the session's cookies expire. */
  | Event<'SignedOut', { candidateId: string; session: string; until: string }>;

export const identityEvents: EventTypes<IdentityEvent> = { SignedIn: [], SignInsFailed: [], SessionsEnded: [], SignedOut: [] };
