import type { Decider, Given } from '../../event-store/decider.js';
import type { Sealed } from '../../vault/vault.js';
import type { Device, IdentityEvent, SignInWay } from '../identity.events.js';
import { refused } from '../identity.refusals.js';

interface Session {
  readonly isOpen: boolean;
  /** The event by which the password was set that began it. */
  readonly password?: string | undefined;
}

/** The sessions of one candidate that began in one month. */
interface Logins {
  /** The newest ones, by id. */
  readonly sessions: Map<string, Session>;
  /** When the newest began, the latest last: ISO 8601, UTC. */
  readonly beganAt: string[];
  /** Proofs of identity from before begin no session: ISO 8601, UTC. */
  notBefore: string;
  /** The instant of the one earlier proof that still does. */
  spared?: string | undefined;
}

/** A session that is to begin: ISO 8601 instants in UTC. */
interface NewSession {
  readonly given: Given;
  readonly candidateId: string;
  readonly session: string;
  readonly way: SignInWay;
  /** When the check of the password began, or the session from which the person switches. */
  readonly provedAt?: string | undefined;
  /** The event by which the password was set that was used. */
  readonly password?: string | undefined;
}

/** What beginning a session depends on beside its stream. */
interface SessionFacts {
  readonly device: Sealed<Device>;
  /** When the sessions in the stream of the previous month began, where that is less than an hour ago: ISO 8601, UTC. */
  readonly beganBefore: readonly string[];
  /** The event by which the password was set that is in force now. */
  readonly inForce?: string | undefined;
}

/** The sessions to end, and the one that goes on. */
interface SessionsToEnd {
  readonly given: Given;
  readonly candidateId: string;
  readonly until: string;
  readonly but?: string | undefined;
  readonly spared?: string | undefined;
  readonly evenIfNone: boolean;
  readonly password?: string | undefined;
}

/** The length of the month in an ISO 8601 instant. Streams are divided by month. */
const MONTH = 'YYYY-MM'.length;
/** Sessions that may begin within an hour: far more than anybody needs, and few enough to store. */
const MAX_PER_HOUR = 60;
/** Milliseconds by which the clocks of processes may differ. An instant further ahead comes from a clock that was set back since. */
const SKEW = 60_000;
const HOUR = 60 * 60 * 1000;
/** Sessions in the state: as many as can begin in a day, which is longer than a session lasts by default. */
const MAX_SESSIONS = 24 * MAX_PER_HOUR;

export const logins: Decider<Logins, IdentityEvent> = {
  initial: () => ({ sessions: new Map(), beganAt: [], notBefore: '' }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'SignedIn':
        if (data.at !== undefined) state.beganAt.push(data.at);
        if (state.beganAt.length > MAX_PER_HOUR) state.beganAt.shift();
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
  if (state.sessions.size <= MAX_SESSIONS) return state;
  const [oldest] = state.sessions.keys();
  if (oldest !== undefined) state.sessions.delete(oldest);
  return state;
}

/**
 * Begins a session, once.
 * @throws Refusal login.overtaken: since the check of the password began, the password was changed, all sessions were ended, or a new month
 * began, whose stream does not say so; login.too_often, with the instant from which it is possible again
 */
export function signIn({ sessions, beganAt, notBefore, spared }: Logins, command: NewSession, { device, beganBefore, inForce }: SessionFacts): IdentityEvent[] {
  const { given, candidateId, session, way, provedAt, password } = command;
  if (password !== inForce) throw refused('login.overtaken');
  if (provedAt !== undefined) {
    const isOtherMonth = way === 'password' && provedAt.slice(0, MONTH) !== given.at.slice(0, MONTH);
    const isOvertaken = provedAt < notBefore && provedAt !== spared && !isAhead(notBefore, given.at);
    if (isOtherMonth || isOvertaken) throw refused('login.overtaken');
  }
  if (sessions.has(session)) return [];
  const again = possibleAgain([...beganBefore, ...beganAt], given.at);
  if (again !== undefined) throw refused('login.too_often', { again });
  return [
    { type: 'SignedIn', data: { candidateId, session, device, ...(way !== 'password' && { way }), at: given.at, ...(password !== undefined && { password }) } },
  ];
}

/** When another session may begin, where not now. Instants later than now come from a clock that was set back and do not count. */
function possibleAgain(beganAt: readonly string[], now: string): string | undefined {
  const anHourAgo = hourBefore(now);
  const recent = beganAt.filter((at) => at > anHourAgo && at <= now);
  const [oldest] = recent;
  return recent.length < MAX_PER_HOUR || oldest === undefined ? undefined : new Date(Date.parse(oldest) + HOUR).toISOString();
}

/** Both ISO 8601, UTC. */
export function hourBefore(instant: string): string {
  return new Date(Date.parse(instant) - HOUR).toISOString();
}

/** Whether an instant was recorded before the clock was set back. */
function isAhead(instant: string, now: string): boolean {
  return Date.parse(instant) - Date.parse(now) > SKEW;
}

/** Ends a session, once; also one whose beginning was lost when the log was restored, because its cookies still exist. */
export function signOut(
  { sessions }: Logins,
  { candidateId, session, until }: { readonly candidateId: string; readonly session: string; readonly until: string },
): IdentityEvent[] {
  return sessions.get(session)?.isOpen === false ? [] : [{ type: 'SignedOut', data: { candidateId, session, until } }];
}

/** Ends all sessions but one, and but those that were begun with the password that was set. */
export function signOutOthers(
  { sessions }: Logins,
  { candidateId, but, until, password }: Pick<SessionsToEnd, 'candidateId' | 'but' | 'until' | 'password'>,
): IdentityEvent[] {
  return [...sessions]
    .filter(([session, is]) => is.isOpen && session !== but && (password === undefined || is.password !== password))
    .map(([session]) => ({ type: 'SignedOut', data: { candidateId, session, until } }));
}

/**
 * As signOutOthers, in the stream of the current month: earlier proofs of identity become void. Where no session is open, that is recorded
 * only with `evenIfNone`.
 */
export function endSessions(state: Logins, command: SessionsToEnd): IdentityEvent[] {
  const { candidateId, given, spared, evenIfNone, password } = command;
  const signedOut = signOutOthers(state, command);
  if (signedOut.length === 0 && !evenIfNone) return [];
  const why = { ...(spared !== undefined && { spared }), ...(password !== undefined && { password }) };
  return [...signedOut, { type: 'SessionsEnded', data: { candidateId, before: given.at, ...why } }];
}

/** Records that somebody knew the number and not the password. */
export function noteFailedSignIns({ candidateId, times }: { readonly candidateId: string; readonly times: number }, device: Sealed<Device>): IdentityEvent[] {
  return [{ type: 'SignInsFailed', data: { candidateId, times, device } }];
}
