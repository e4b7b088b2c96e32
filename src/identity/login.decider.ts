import type { Decider } from '../event-store/decider.js';
import type { Sealed } from '../vault/vault.js';
import type { Device, IdentityEvent } from './identity.events.js';
import type { SignIn } from './sign-in.command.js';
import type { SignOut } from './sign-out.command.js';

/** The sessions of one candidate that began in one month. */
interface Logins {
  readonly begun: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
}

export const logins: Decider<Logins, IdentityEvent> = {
  initial: { begun: new Set(), ended: new Set() },
  evolve(state, { type, data: { session } }) {
    switch (type) {
      case 'SignedIn':
        return { ...state, begun: new Set(state.begun).add(session) };
      case 'SignedOut':
        return { ...state, ended: new Set(state.ended).add(session) };
    }
  },
};

/** A session begins; one that has begun already begins no second time. */
export function signIn({ begun }: Logins, { candidateId, session }: SignIn, device: Sealed<Device>): IdentityEvent[] {
  return begun.has(session) ? [] : [{ type: 'SignedIn', data: { candidateId, session, device } }];
}

/** A session ends, once, also one whose beginning was lost with a restored log: its cookies are still about. */
export function signOut({ ended }: Logins, { candidateId, session, until }: SignOut): IdentityEvent[] {
  return ended.has(session) ? [] : [{ type: 'SignedOut', data: { candidateId, session, until } }];
}
