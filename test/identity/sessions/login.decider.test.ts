import { describe, it } from '@jest/globals';
import type { Device, IdentityEvent } from '../../../src/identity/identity.events.js';
import { endSessions, logins, noteFailedSignIns, signIn, signOut, signOutOthers } from '../../../src/identity/sessions/login.decider.js';
import { SignOut } from '../../../src/identity/sessions/sign-out.command.js';
import { SignOutOthers } from '../../../src/identity/sessions/sign-out-others.command.js';
import { NoteFailedSignIns } from '../../../src/identity/sign-in/note-failed-sign-ins.command.js';
import { SignIn } from '../../../src/identity/sign-in/sign-in.command.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { given } from '../../given.js';

const device = 'sealed' as Sealed<Device>;
const now = { id: 'command', at: '2026-11-22T02:00:00.000Z' };
const until = '2026-11-22T14:00:00.000Z';
const signedIn: IdentityEvent = { type: 'SignedIn', data: { candidateId: 'c', session: 's', device, at: now.at } };
const facts = { device, beganBefore: [] };
const signedOut: IdentityEvent = { type: 'SignedOut', data: { candidateId: 'c', session: 's', until } };
const failed: IdentityEvent = { type: 'SignInsFailed', data: { candidateId: 'c', times: 3, device } };
const enter = new SignIn(now, 'c', 's', { address: '203.0.113.1', userAgent: 'phone' });
const entered = new SignIn(now, 'c', 's', { address: '203.0.113.1', userAgent: 'phone' }, 'password', now.at, 'set');
const leave = new SignOut(now, 'c', 's', now.at, until);

describe('A session', () => {
  it('A session begins', () =>
    given(logins, [])
      .when((state) => signIn(state, enter, facts))
      .then([signedIn]));
  it('A session begins with the password in force, and records which one it was', () =>
    given(logins, [])
      .when((state) => signIn(state, entered, { ...facts, inForce: 'set' }))
      .then([{ type: 'SignedIn', data: { candidateId: 'c', session: 's', device, at: now.at, password: 'set' } }]));
  it('A session does not begin with a password that was replaced since its check began', () =>
    given(logins, [])
      .when((state) => signIn(state, entered, { ...facts, inForce: 'set since' }))
      .refuses('login.overtaken'));
  it('A session begins once', () =>
    given(logins, [signedIn])
      .when((state) => signIn(state, enter, facts))
      .then([]));
  it('A session does not begin again after its end', () =>
    given(logins, [signedIn, signedOut])
      .when((state) => signIn(state, enter, facts))
      .then([]));
  it('A session ends', () =>
    given(logins, [signedIn])
      .when((state) => signOut(state, leave))
      .then([signedOut]));
  it('A session ends once', () =>
    given(logins, [signedIn, signedOut])
      .when((state) => signOut(state, leave))
      .then([]));
  it('A session ends even if its beginning is not in the log', () =>
    given(logins, [])
      .when((state) => signOut(state, leave))
      .then([signedOut]));
});

describe('All other sessions', () => {
  const others = (but?: string) => new SignOutOthers(now, 'c', now.at, until, but);
  const began = (session: string): IdentityEvent => ({ type: 'SignedIn', data: { candidateId: 'c', session, device } });
  const ended = (session: string): IdentityEvent => ({ type: 'SignedOut', data: { candidateId: 'c', session, until } });

  it('All other sessions end, except the one that goes on and those that have ended before', () =>
    given(logins, [began('a'), began('b'), ended('a'), began('c')])
      .when((state) => signOutOthers(state, others('c')))
      .then([ended('b')]));
  it('All other sessions end, including the current one, where none is to go on', () =>
    given(logins, [began('a'), failed, began('b')])
      .when((state) => signOutOthers(state, others()))
      .then([ended('a'), ended('b')]));
  it('All other sessions make earlier proofs of identity void when they end', () =>
    given(logins, [began('a')])
      .when((state) => endSessions(state, others()))
      .then([ended('a'), { type: 'SessionsEnded', data: { candidateId: 'c', before: now.at } }]));
  it.each([['2026-11-22T01:59:59.999Z', now.at], ['2026-11-22T01:59:59.999Z', '2026-11-01T00:00:00.000Z', now.at], ['2026-10-31T23:59:59.999Z']])(
    'All other sessions let no session begin with a password whose check began at %s',
    (provedAt, ...befores) =>
      given(
        logins,
        befores.map((before) => ({ type: 'SessionsEnded', data: { candidateId: 'c', before } })),
      )
        .when((state) => signIn(state, new SignIn(now, 'c', 's', enter.device, 'password', provedAt), facts))
        .refuses('login.overtaken'),
  );
  const earlier = '2026-11-22T01:00:00.000Z';
  const switched = new SignIn(now, 'c', 's', enter.device, 'switch', earlier);
  it('All other sessions let nobody switch to another number from an earlier session', () =>
    given(logins, [{ type: 'SessionsEnded', data: { candidateId: 'c', before: now.at } }])
      .when((state) => signIn(state, switched, facts))
      .refuses('login.overtaken'));
  it('All other sessions let the session that goes on switch from another number', () =>
    given(logins, [{ type: 'SessionsEnded', data: { candidateId: 'c', before: now.at, spared: earlier } }])
      .when((state) => signIn(state, switched, facts))
      .then([{ type: 'SignedIn', data: { candidateId: 'c', session: 's', device, way: 'switch', at: now.at } }]));
  it('All other sessions let a session begin where they were ended by a clock that was set back since', () =>
    given(logins, [{ type: 'SessionsEnded', data: { candidateId: 'c', before: '2026-11-23T02:00:00.000Z' } }])
      .when((state) => signIn(state, new SignIn(now, 'c', 's', enter.device, 'password', earlier), facts))
      .then([signedIn]));
  it('All other sessions let a session begin with a password that was checked afterwards', () =>
    given(logins, [{ type: 'SessionsEnded', data: { candidateId: 'c', before: now.at } }])
      .when((state) => signIn(state, new SignIn(now, 'c', 's', enter.device, 'password', now.at), facts))
      .then([signedIn]));
  it('All other sessions record nothing where none is open and no other effect is asked for', () =>
    given(logins, [began('a'), ended('a'), began('b')])
      .when((state) => endSessions(state, new SignOutOthers(now, 'c', now.at, until, 'b', undefined, false)))
      .then([]));
  it('All other sessions end because of a new password, except those that were begun with it', () => {
    const by = (session: string, password: string): IdentityEvent => ({ type: 'SignedIn', data: { candidateId: 'c', session, device, password } });
    given(logins, [began('a'), by('b', 'old'), by('d', 'new'), began('e')])
      .when((state) => endSessions(state, new SignOutOthers(now, 'c', now.at, until, 'e', undefined, true, [], 'new')))
      .then([ended('a'), ended('b'), { type: 'SessionsEnded', data: { candidateId: 'c', before: now.at, password: 'new' } }]);
  });
  it('All other sessions end once', () =>
    given(logins, [began('a'), ended('a')])
      .when((state) => signOutOthers(state, others()))
      .then([]));
});

describe('Failures', () => {
  it('Failed sign-ins are recorded with their number', () =>
    given(logins, [failed])
      .when(() => noteFailedSignIns(new NoteFailedSignIns(now, 'c', 3, { address: '203.0.113.1', userAgent: 'phone' }), device))
      .then([failed]));
});

describe('A session by 北京通', () => {
  it('A session by 北京通 is recorded as one', () =>
    given(logins, [])
      .when((state) => signIn(state, new SignIn(now, 'c', 's', { address: '203.0.113.1', userAgent: 'phone' }, 'bjt'), facts))
      .then([{ type: 'SignedIn', data: { candidateId: 'c', session: 's', device, way: 'bjt', at: now.at } }]));
});
