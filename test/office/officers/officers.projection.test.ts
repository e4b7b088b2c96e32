import { describe, expect, it } from '@jest/globals';
import { type Officer, officers } from '../../../projections/officers.js';
import type { Device } from '../../../src/identity/identity.events.js';
import type { Duties, OfficerEvent } from '../../../src/office/officers/officers.events.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { projected } from '../../projections/projected.js';

const ACCOUNT = 'xicheng-1';
const duties: Duties = { roles: ['district'], districts: ['西城区'] };
const code = { code: 'digest', until: '2026-11-23T02:00:00.000Z' };
const added: OfficerEvent = { type: 'OfficerAdded', data: { officer: ACCOUNT, ...duties, ...code } };
const passwordSet: OfficerEvent = { type: 'OfficerPasswordSet', data: { officer: ACCOUNT, password: 'hash' as Sealed<string> } };
const suspended: OfficerEvent = { type: 'OfficerSuspended', data: { officer: ACCOUNT } };
const device = 'device' as Sealed<Device>;
const failed = (at: 'password' | 'factor', times: number): OfficerEvent => ({ type: 'OfficerSignInsFailed', data: { officer: ACCOUNT, at, times, device } });

describe('The read model of officers', () => {
  it('The read model of officers counts a passkey that is the only factor as a factor', async () => {
    const enrolled: OfficerEvent = {
      type: 'OfficerPasskeyEnrolled',
      data: { officer: ACCOUNT, passkey: 'p1', key: 'key', counter: 0, name: '电脑', recovery: ['r1', 'r2'] },
    };
    const { [ACCOUNT]: document } = await projected(officers, [added, passwordSet, enrolled]);
    expect(document).toMatchObject({ hasFactor: true, recoveryLeft: 2, passkeys: [{ passkey: 'p1', name: '电脑' }] });
  });

  it('The read model of officers says who is what and how the account stands, and nothing secret', async () => {
    const { [ACCOUNT]: before } = await projected(officers, [added]);
    expect(before).toMatchObject({ account: ACCOUNT, ...duties, suspended: false, hasPassword: false, codeUntil: code.until });
    const { [ACCOUNT]: after } = await projected(officers, [added, passwordSet, suspended]);
    expect(after).toMatchObject({ suspended: true, hasPassword: true });
    expect(JSON.stringify(after)).not.toMatch(/hash|digest|codeUntil/);
  });

  it('The read model of officers lists failed sign-ins by the hour and by what was wrong, the newest first', async () => {
    const { [ACCOUNT]: document } = await projected(officers, [added, failed('password', 2), failed('factor', 1), failed('password', 3)]);
    expect((document as Officer).failed?.map(({ step, times }) => [step, times])).toEqual([
      ['password', 5],
      ['factor', 1],
    ]);
  });
});
