import type { Decider } from '../event-store/decider.js';
import { Refusal } from '../event-store/refusal.js';
import type { Sealed } from '../vault/vault.js';
import type { Device, IdentityEvent } from './identity.events.js';
import type { NoteFailedSignIns } from './note-failed-sign-ins.command.js';
import type { SignIn } from './sign-in.command.js';
import type { SignOut } from './sign-out.command.js';
import type { SignOutOthers } from './sign-out-others.command.js';

/** The sessions of one candidate that began in one month. */
interface Logins {
  readonly begun: Set<string>;
  readonly ended: Set<string>;
  /** What was shown before is good for no new session: ISO 8601, UTC. */
  readonly notBefore: string;
  /** But for what was shown then. */
  readonly spared?: string | undefined;
}

/** As long as the month of an ISO 8601 instant, by which streams are divided. */
const MONTH = 'YYYY-MM'.length;

export const logins: Decider<Logins, IdentityEvent> = {
  initial: () => ({ begun: new Set(), ended: new Set(), notBefore: '' }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'SignedIn':
        state.begun.add(data.session);
        return state;
      case 'SignedOut':
        state.ended.add(data.session);
        return state;
      case 'SessionsEnded':
        return data.before < state.notBefore ? state : { ...state, notBefore: data.before, spared: data.spared };
      case 'SignInsFailed':
        return state;
    }
  },
};

/**
 * A session begins; one that has begun already begins no second time.
 * @throws Refusal login.overtaken: the password was changed, or all sessions were ended, after the password was looked at; or the
 * month has, and with it the stream that would tell
 */
export function signIn({ begun, notBefore, spared }: Logins, command: SignIn, device: Sealed<Device>): IdentityEvent[] {
  const { given, candidateId, session, way, shownAt } = command;
  if (shownAt !== undefined) {
    const isOtherMonth = way === 'password' && shownAt.slice(0, MONTH) !== given.at.slice(0, MONTH);
    if (isOtherMonth || (shownAt < notBefore && shownAt !== spared)) throw new Refusal('login.overtaken');
  }
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

/** As signOutOthers, in the stream in which sessions begin now: none begins any more by what was shown before. */
export function endAllButOne(state: Logins, command: SignOutOthers): IdentityEvent[] {
  const { candidateId, given, spared } = command;
  const ended: IdentityEvent = { type: 'SessionsEnded', data: { candidateId, before: given.at, ...(spared !== undefined && { spared }) } };
  return [...signOutOthers(state, command), ended];
}

/** That somebody had the number and not the password. */
export function noteFailedSignIns({ candidateId, times }: NoteFailedSignIns, device: Sealed<Device>): IdentityEvent[] {
  return [{ type: 'SignInsFailed', data: { candidateId, times, device } }];
}
