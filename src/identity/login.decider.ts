import type { Decider } from '../event-store/decider.js';
import type { Sealed } from '../vault/vault.js';
import type { Device, IdentityEvent } from './identity.events.js';
import type { NoteFailedSignIns } from './note-failed-sign-ins.command.js';
import type { SignIn } from './sign-in.command.js';
import type { SignOut } from './sign-out.command.js';
import type { SignOutOthers } from './sign-out-others.command.js';

/** The sessions of one candidate that began in one month. */
interface Logins {
  readonly begun: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
}

export const logins: Decider<Logins, IdentityEvent> = {
  initial: { begun: new Set(), ended: new Set() },
  evolve(state, { type, data }) {
    switch (type) {
      case 'SignedIn':
        return { ...state, begun: new Set(state.begun).add(data.session) };
      case 'SignedOut':
        return { ...state, ended: new Set(state.ended).add(data.session) };
      case 'SignInsFailed':
        return state;
    }
  },
};

/** A session begins; one that has begun already begins no second time. */
export function signIn({ begun }: Logins, { candidateId, session, way }: SignIn, device: Sealed<Device>): IdentityEvent[] {
  return begun.has(session) ? [] : [{ type: 'SignedIn', data: { candidateId, session, device, ...(way !== 'password' && { way }) } }];
}

/** A session ends, once, also one whose beginning was lost with a restored log: its cookies are still about. */
export function signOut({ ended }: Logins, { candidateId, session, until }: SignOut): IdentityEvent[] {
  return ended.has(session) ? [] : [{ type: 'SignedOut', data: { candidateId, session, until } }];
}

/** All sessions end, but for one; those that begin meanwhile are decided on again. */
export function signOutOthers({ begun, ended }: Logins, { candidateId, but, until }: SignOutOthers): IdentityEvent[] {
  return [...begun]
    .filter((session) => session !== but && !ended.has(session))
    .map((session) => ({ type: 'SignedOut', data: { candidateId, session, until } }));
}

/** That somebody had the number and not the password. */
export function noteFailedSignIns({ candidateId, times }: NoteFailedSignIns, device: Sealed<Device>): IdentityEvent[] {
  return [{ type: 'SignInsFailed', data: { candidateId, times, device } }];
}
