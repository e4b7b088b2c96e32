import type { Decider, Given } from '../../event-store/decider.js';
import type { Sealed } from '../../vault/vault.js';
import type { Device, IdentityEvent, SignInWay } from '../identity.events.js';
import { refused } from '../identity.refusals.js';

interface Session {
  readonly isOpen: boolean;
  /** The event by which the password was set by which it was entered. */
  readonly password?: string | undefined;
}

/** The sessions of one candidate that began in one month. */
interface Logins {
  /** The newest ones, by id. */
  readonly sessions: Map<string, Session>;
  /** When the newest began, the latest last: ISO 8601, UTC. */
  readonly beganAt: string[];
  /** What was shown before is good for no new session: ISO 8601, UTC. */
  notBefore: string;
  /** But for what was shown then. */
  spared?: string | undefined;
}

/** A session that is to begin: ISO 8601 instants in UTC. */
interface NewSession {
  readonly given: Given;
  readonly candidateId: string;
  readonly session: string;
  readonly way: SignInWay;
  /** From when on the password was looked at, or since when the session lasts by which another number is gone to. */
  readonly shownAt?: string | undefined;
  /** The event by which the password was set that was right. */
  readonly password?: string | undefined;
}

/** What beginning a session depends on beside its stream. */
interface SessionFacts {
  readonly device: Sealed<Device>;
  /** When sessions began that are in the stream of the month before, where that is less than an hour ago: ISO 8601, UTC. */
  readonly beganBefore: readonly string[];
  /** The event by which the password was set that opens the number now. */
  readonly inForce?: string | undefined;
}

/** Sessions that are to end, but for one. */
interface SessionsToEnd {
  readonly given: Given;
  readonly candidateId: string;
  readonly until: string;
  readonly but?: string | undefined;
  readonly spared?: string | undefined;
  readonly evenIfNone: boolean;
  readonly password?: string | undefined;
}

/** As long as the month of an ISO 8601 instant, by which streams are divided. */
const MONTH = 'YYYY-MM'.length;
/** Sessions that may begin within an hour: far more than anybody needs, and few enough for whatever keeps them. */
const MOST_AN_HOUR = 60;
/** By how much the clocks of processes may differ, in milliseconds: an instant that is further ahead was told by a clock that was set back since. */
const SKEW = 60_000;
const HOUR = 60 * 60 * 1000;
/** Sessions that are kept: as many as can begin in a day, which is longer than any lasts unless SESSION_MAX says so. */
const MOST_SESSIONS = 24 * MOST_AN_HOUR;

export const logins: Decider<Logins, IdentityEvent> = {
  initial: () => ({ sessions: new Map(), beganAt: [], notBefore: '' }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'SignedIn':
        if (data.at !== undefined) state.beganAt.push(data.at);
        if (state.beganAt.length > MOST_AN_HOUR) state.beganAt.shift();
        return withSession(state, data.session, { isOpen: true, password: data.password });
      case 'SignedOut':
        return withSession(state, data.session, { isOpen: false });
      case 'SessionsEnded':
        if (data.before < state.notBefore && !isAhead(state.notBefore, data.before)) return state;
        state.notBefore = data.before;
        state.spared = data.spared;
        return state;
      case 'SignInsFailed':
        return state;
    }
  },
};

function withSession(state: Logins, session: string, is: Session): Logins {
  state.sessions.set(session, is);
  if (state.sessions.size <= MOST_SESSIONS) return state;
  const [oldest] = state.sessions.keys();
  if (oldest !== undefined) state.sessions.delete(oldest);
  return state;
}

/**
 * A session begins; one that has begun already begins no second time.
 * @throws Refusal login.overtaken: the password was changed, or all sessions were ended, after the password was looked at; or the
 * month has, and with it the stream that would tell; login.too_often, with the instant from which it is possible again
 */
export function signIn({ sessions, beganAt, notBefore, spared }: Logins, command: NewSession, { device, beganBefore, inForce }: SessionFacts): IdentityEvent[] {
  const { given, candidateId, session, way, shownAt, password } = command;
  if (password !== inForce) throw refused('login.overtaken');
  if (shownAt !== undefined) {
    const isOtherMonth = way === 'password' && shownAt.slice(0, MONTH) !== given.at.slice(0, MONTH);
    const isOvertaken = shownAt < notBefore && shownAt !== spared && !isAhead(notBefore, given.at);
    if (isOtherMonth || isOvertaken) throw refused('login.overtaken');
  }
  if (sessions.has(session)) return [];
  const again = possibleAgain([...beganBefore, ...beganAt], given.at);
  if (again !== undefined) throw refused('login.too_often', { again });
  return [
    { type: 'SignedIn', data: { candidateId, session, device, ...(way !== 'password' && { way }), at: given.at, ...(password !== undefined && { password }) } },
  ];
}

/** When another session may begin, where not now. What is said to have begun later than now was told by a clock that was set back. */
function possibleAgain(beganAt: readonly string[], now: string): string | undefined {
  const anHourAgo = hourBefore(now);
  const recent = beganAt.filter((at) => at > anHourAgo && at <= now);
  const [oldest] = recent;
  return recent.length < MOST_AN_HOUR || oldest === undefined ? undefined : new Date(Date.parse(oldest) + HOUR).toISOString();
}

/** Both ISO 8601, UTC. */
export function hourBefore(instant: string): string {
  return new Date(Date.parse(instant) - HOUR).toISOString();
}

/** Whether an instant was recorded before the clock was set back to what it says now. */
function isAhead(instant: string, now: string): boolean {
  return Date.parse(instant) - Date.parse(now) > SKEW;
}

/** A session ends, once, also one whose beginning was lost with a restored log: its cookies are still about. */
export function signOut(
  { sessions }: Logins,
  { candidateId, session, until }: { readonly candidateId: string; readonly session: string; readonly until: string },
): IdentityEvent[] {
  return sessions.get(session)?.isOpen === false ? [] : [{ type: 'SignedOut', data: { candidateId, session, until } }];
}

/** All sessions end, but for one, and those that were entered by the password that was set; those that begin meanwhile are decided on again. */
export function signOutOthers(
  { sessions }: Logins,
  { candidateId, but, until, password }: Pick<SessionsToEnd, 'candidateId' | 'but' | 'until' | 'password'>,
): IdentityEvent[] {
  return [...sessions]
    .filter(([session, is]) => is.isOpen && session !== but && (password === undefined || is.password !== password))
    .map(([session]) => ({ type: 'SignedOut', data: { candidateId, session, until } }));
}

/**
 * As signOutOthers, in the stream in which sessions begin now: none begins any more by what was shown before. Where there is none to
 * end, that is said only if the command wants it.
 */
export function endAllButOne(state: Logins, command: SessionsToEnd): IdentityEvent[] {
  const { candidateId, given, spared, evenIfNone, password } = command;
  const signedOut = signOutOthers(state, command);
  if (signedOut.length === 0 && !evenIfNone) return [];
  const why = { ...(spared !== undefined && { spared }), ...(password !== undefined && { password }) };
  return [...signedOut, { type: 'SessionsEnded', data: { candidateId, before: given.at, ...why } }];
}

/** That somebody had the number and not the password. */
export function noteFailedSignIns({ candidateId, times }: { readonly candidateId: string; readonly times: number }, device: Sealed<Device>): IdentityEvent[] {
  return [{ type: 'SignInsFailed', data: { candidateId, times, device } }];
}
