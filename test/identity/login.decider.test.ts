import { describe, it } from '@jest/globals';
import type { Device, IdentityEvent } from '../../src/identity/identity.events.js';
import { logins, signIn, signOut } from '../../src/identity/login.decider.js';
import { SignIn } from '../../src/identity/sign-in.command.js';
import { SignOut } from '../../src/identity/sign-out.command.js';
import type { Sealed } from '../../src/vault/vault.js';
import { given } from '../given.js';

const device = 'sealed' as Sealed<Device>;
const now = { id: 'command', at: '2026-11-22T02:00:00.000Z' };
const until = '2026-11-22T14:00:00.000Z';
const signedIn: IdentityEvent = { type: 'SignedIn', data: { candidateId: 'c', session: 's', device } };
const signedOut: IdentityEvent = { type: 'SignedOut', data: { candidateId: 'c', session: 's', until } };
const enter = new SignIn(now, 'c', 's', { address: '203.0.113.1', userAgent: 'phone' });
const leave = new SignOut(now, 'c', 's', now.at, until);

describe('a session', () => {
  it('begins', () =>
    given(logins, [])
      .when((state) => signIn(state, enter, device))
      .then([signedIn]));
  it('begins once', () =>
    given(logins, [signedIn])
      .when((state) => signIn(state, enter, device))
      .then([]));
  it('does not begin again after its end', () =>
    given(logins, [signedIn, signedOut])
      .when((state) => signIn(state, enter, device))
      .then([]));
  it('ends', () =>
    given(logins, [signedIn])
      .when((state) => signOut(state, leave))
      .then([signedOut]));
  it('ends once', () =>
    given(logins, [signedIn, signedOut])
      .when((state) => signOut(state, leave))
      .then([]));
  it('ends also when its beginning is not in the log', () =>
    given(logins, [])
      .when((state) => signOut(state, leave))
      .then([signedOut]));
});
