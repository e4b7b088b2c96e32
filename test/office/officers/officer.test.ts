import { describe, expect, it } from '@jest/globals';
import type { Device } from '../../../src/identity/identity.events.js';
import {
  addOfficer,
  addPasskey,
  enrolFactor,
  noteFailedSignIns,
  type OfficerAccount,
  officer,
  proveFactor,
  reinstateOfficer,
  removePasskey,
  resetOfficer,
  setOfficerPassword,
  signInOfficer,
  suspendOfficer,
} from '../../../src/office/officers/officer.decider.js';
import type { Duties, FactorProof, OfficerEvent } from '../../../src/office/officers/officers.events.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { given } from '../../given.js';

const ACCOUNT = 'xicheng-1';
const AT = '2026-11-22T02:00:00.000Z';
const duties: Duties = { roles: ['district'], districts: ['西城区'] };
const code = { code: 'digest', until: '2026-11-23T02:00:00.000Z' };
const hash = 'hash' as Sealed<string>;
const added: OfficerEvent = { type: 'OfficerAdded', data: { officer: ACCOUNT, ...duties, ...code } };
const passwordSet: OfficerEvent = { type: 'OfficerPasswordSet', data: { officer: ACCOUNT, password: hash } };
const suspended: OfficerEvent = { type: 'OfficerSuspended', data: { officer: ACCOUNT } };

const add = (account: string, asked: Duties) => (state: OfficerAccount) => addOfficer(state, account, asked, code);
const setPassword =
  (typed = 'digest', at = AT) =>
  (state: OfficerAccount) =>
    setOfficerPassword(state, ACCOUNT, typed, hash, at);

describe('An account of the office', () => {
  it('An account of the office is added once, with its roles, its districts and a code', () => {
    given(officer, []).when(add(ACCOUNT, duties)).then([added]);
    given(officer, [added]).when(add(ACCOUNT, duties)).refuses('officer.exists', { officer: ACCOUNT });
    given(officer, [])
      .when(add('shi-1', { roles: ['city', 'approver', 'finance', 'operator'], districts: [] }))
      .then([{ type: 'OfficerAdded', data: { officer: 'shi-1', roles: ['city', 'approver', 'finance', 'operator'], districts: [], ...code } }]);
  });

  it.each<[string, Duties]>([
    ['officer.no_role', { roles: [], districts: [] }],
    ['officer.role_alone', { roles: ['administrator', 'approver'], districts: [] }],
    ['officer.role_alone', { roles: ['finance', 'auditor'], districts: [] }],
    ['officer.no_district', { roles: ['district'], districts: [] }],
    ['officer.not_of_a_district', { roles: ['city'], districts: ['西城区'] }],
  ])('An account of the office is refused by %s with %j', (refusal, asked) => given(officer, []).when(add(ACCOUNT, asked)).refuses(refusal));

  it.each(['Xicheng', 'x', '西城', 'a b', '-a', 'a'.repeat(33), ''])('An account of the office is not named %j', (name) =>
    given(officer, []).when(add(name, duties)).refuses('officer.bad_name'),
  );

  it('An account of the office takes a password by its code once and within 24 hours', () => {
    given(officer, [added]).when(setPassword()).then([passwordSet]);
    given(officer, [added]).when(setPassword('another')).refuses('officer.code_wrong');
    given(officer, [added]).when(setPassword('digest', code.until)).refuses('officer.code_wrong');
    given(officer, [added, passwordSet]).when(setPassword()).refuses('officer.code_wrong');
    given(officer, [added, suspended]).when(setPassword()).refuses('officer.code_wrong');
    given(officer, []).when(setPassword()).refuses('officer.code_wrong');
  });

  it('An account of the office is begun anew by a reset, whose code alone counts from then on', () => {
    const reset: OfficerEvent = { type: 'OfficerReset', data: { officer: ACCOUNT, code: 'newer', until: code.until } };
    given(officer, [added, passwordSet])
      .when((state) => resetOfficer(state, ACCOUNT, { code: 'newer', until: code.until }))
      .then([reset]);
    given(officer, [added, reset]).when(setPassword()).refuses('officer.code_wrong');
    given(officer, [added, reset]).when(setPassword('newer')).then([passwordSet]);
    expect([added, passwordSet, reset].reduce(officer.evolve, officer.initial()).password).toBeUndefined();
  });

  it('An account of the office is suspended and reinstated, each of which is recorded once', () => {
    given(officer, [added])
      .when((state) => suspendOfficer(state, ACCOUNT))
      .then([suspended]);
    given(officer, [added, suspended])
      .when((state) => suspendOfficer(state, ACCOUNT))
      .then([]);
    given(officer, [added, suspended])
      .when((state) => reinstateOfficer(state, ACCOUNT))
      .then([{ type: 'OfficerReinstated', data: { officer: ACCOUNT } }]);
    given(officer, [added])
      .when((state) => reinstateOfficer(state, ACCOUNT))
      .then([]);
  });

  it('An account of the office that does not exist is neither reset nor suspended', () => {
    given(officer, [])
      .when((state) => resetOfficer(state, ACCOUNT, code))
      .refuses('officer.unknown', { officer: ACCOUNT });
    given(officer, [])
      .when((state) => suspendOfficer(state, ACCOUNT))
      .refuses('officer.unknown', { officer: ACCOUNT });
    given(officer, [])
      .when((state) => reinstateOfficer(state, ACCOUNT))
      .refuses('officer.unknown', { officer: ACCOUNT });
  });
});

describe('The factors of an account', () => {
  const enrolled: OfficerEvent = { type: 'OfficerFactorEnrolled', data: { officer: ACCOUNT, secret: 'secret' as Sealed<string>, recovery: ['r1', 'r2'] } };
  const device = 'device' as Sealed<Device>;
  const signedIn = (session: string, proof: FactorProof): OfficerEvent => ({ type: 'OfficerSignedIn', data: { officer: ACCOUNT, session, device, proof } });
  const proved = (proof: FactorProof): OfficerEvent => ({ type: 'OfficerFactorProved', data: { officer: ACCOUNT, session: 's1', device, proof } });
  const signIn =
    (proof: FactorProof, password = hash) =>
    (state: OfficerAccount) =>
      signInOfficer(state, { account: ACCOUNT, session: 's2', device, proof, password });
  const prove =
    (proof: FactorProof, session = 's1') =>
    (state: OfficerAccount) =>
      proveFactor(state, { account: ACCOUNT, session, device, proof });
  const before = [added, passwordSet, enrolled, signedIn('s1', { step: 100 })];

  it('The factors of an account begin a session by a code that is newer than the last one, and by a recovery code once', () => {
    given(officer, before)
      .when(signIn({ step: 101 }))
      .then([signedIn('s2', { step: 101 })]);
    given(officer, before)
      .when(signIn({ step: 100 }))
      .refuses('officer.factor_used');
    given(officer, before)
      .when(signIn({ step: 99 }))
      .refuses('officer.factor_used');
    given(officer, before)
      .when(signIn({ recovery: 'r1' }))
      .then([signedIn('s2', { recovery: 'r1' })]);
    given(officer, [...before, proved({ recovery: 'r1' })])
      .when(signIn({ recovery: 'r1' }))
      .refuses('officer.factor_used');
    given(officer, [...before, proved({ step: 105 })])
      .when(signIn({ step: 105 }))
      .refuses('officer.factor_used');
  });

  it('The factors of an account begin none with a password that was replaced, for a suspended account, or without a factor', () => {
    given(officer, before)
      .when(signIn({ step: 101 }, 'older' as Sealed<string>))
      .refuses('officer.sign_in_again');
    given(officer, [...before, suspended])
      .when(signIn({ step: 101 }))
      .refuses('officer.sign_in_again');
    given(officer, [added, passwordSet])
      .when(signIn({ step: 101 }))
      .refuses('officer.sign_in_again');
  });

  it('The factors of an account are proved again in a session that is open, and in no other', () => {
    given(officer, before)
      .when(prove({ step: 101 }))
      .then([proved({ step: 101 })]);
    given(officer, before)
      .when(prove({ step: 101 }, 'another'))
      .refuses('officer.sign_in_again');
    const signedOut: OfficerEvent = { type: 'OfficerSignedOut', data: { officer: ACCOUNT, session: 's1' } };
    for (const end of [signedOut, suspended, { type: 'OfficerReset', data: { officer: ACCOUNT, ...code } } as const])
      given(officer, [...before, end])
        .when(prove({ step: 101 }))
        .refuses('officer.sign_in_again');
  });

  it('The factors of an account are enrolled once, and a reset lets them be enrolled anew', () => {
    const enrol = (state: OfficerAccount) =>
      enrolFactor(state, {
        account: ACCOUNT,
        session: 's1',
        device,
        proof: { step: 100 },
        password: hash,
        factor: { secret: 'secret' as Sealed<string> },
        recovery: ['r1', 'r2'],
      });
    given(officer, [added, passwordSet])
      .when(enrol)
      .then([enrolled, signedIn('s1', { step: 100 })]);
    given(officer, before).when(enrol).refuses('officer.sign_in_again');
    given(officer, [...before, { type: 'OfficerReset', data: { officer: ACCOUNT, ...code } }, passwordSet])
      .when(enrol)
      .then([enrolled, signedIn('s1', { step: 100 })]);
  });

  it('The factors of an account are passkeys too, each challenge once and with a counter that goes up where it counts', () => {
    const passkey = (id: string, counter: number) => ({ passkey: id, key: 'key', counter });
    const addedPasskey = (id: string, counter: number): OfficerEvent => ({
      type: 'OfficerPasskeyAdded',
      data: { officer: ACCOUNT, ...passkey(id, counter), name: '电脑' },
    });
    const by = (id: string, counter: number, issued: number) => ({ passkey: id, counter, issued });
    const add = (id: string) => (state: OfficerAccount) => addPasskey(state, { account: ACCOUNT, session: 's1', passkey: passkey(id, 0), name: '电脑' });
    given(officer, before)
      .when(add('p1'))
      .then([addedPasskey('p1', 0)]);
    given(officer, [...before, addedPasskey('p1', 0)])
      .when(add('p1'))
      .refuses('officer.passkey_known');
    given(officer, [...before, suspended])
      .when(add('p1'))
      .refuses('officer.sign_in_again');
    const withPasskeys = [...before, addedPasskey('p1', 0), addedPasskey('p2', 5)];
    given(officer, withPasskeys)
      .when(signIn(by('p1', 0, 1_000)))
      .then([signedIn('s2', by('p1', 0, 1_000))]);
    given(officer, [...withPasskeys, proved(by('p1', 0, 1_000))])
      .when(signIn(by('p1', 0, 1_000)))
      .refuses('officer.passkey_used');
    given(officer, [...withPasskeys, proved(by('p2', 6, 1_000))])
      .when(signIn(by('p2', 6, 2_000)))
      .refuses('officer.passkey_used');
    given(officer, withPasskeys)
      .when(signIn(by('p2', 6, 1_000)))
      .then([signedIn('s2', by('p2', 6, 1_000))]);
    given(officer, withPasskeys)
      .when(signIn(by('p3', 1, 1_000)))
      .refuses('officer.passkey_used');
    const removed: OfficerEvent = { type: 'OfficerPasskeyRemoved', data: { officer: ACCOUNT, passkey: 'p1' } };
    given(officer, withPasskeys)
      .when((state) => removePasskey(state, { account: ACCOUNT, passkey: 'p1' }))
      .then([removed]);
    given(officer, [...withPasskeys, removed])
      .when(signIn(by('p1', 0, 1_000)))
      .refuses('officer.passkey_used');
    given(officer, [...withPasskeys, { type: 'OfficerReset', data: { officer: ACCOUNT, ...code } }])
      .when((state) => removePasskey(state, { account: ACCOUNT, passkey: 'p1' }))
      .then([]);
  });

  it('The factors of an account may be a passkey alone, which is then not removed, and recovery codes', () => {
    const passkey = { passkey: 'p1', key: 'key', counter: 0 };
    const byPasskey = (issued: number) => ({ passkey: 'p1', counter: 0, issued });
    const enrolledPasskey: OfficerEvent = { type: 'OfficerPasskeyEnrolled', data: { officer: ACCOUNT, ...passkey, name: '电脑', recovery: ['r1'] } };
    const enrol = (state: OfficerAccount) =>
      enrolFactor(state, {
        account: ACCOUNT,
        session: 's1',
        device,
        proof: byPasskey(1_000),
        password: hash,
        factor: { passkey, name: '电脑' },
        recovery: ['r1'],
      });
    given(officer, [added, passwordSet])
      .when(enrol)
      .then([enrolledPasskey, signedIn('s1', byPasskey(1_000))]);
    const alone = [added, passwordSet, enrolledPasskey, signedIn('s1', byPasskey(1_000))];
    given(officer, alone).when(enrol).refuses('officer.sign_in_again');
    given(officer, alone)
      .when(signIn(byPasskey(1_000))) // the challenge of the enrolment
      .refuses('officer.passkey_used');
    given(officer, alone)
      .when(signIn(byPasskey(2_000)))
      .then([signedIn('s2', byPasskey(2_000))]);
    given(officer, alone)
      .when(signIn({ recovery: 'r1' }))
      .then([signedIn('s2', { recovery: 'r1' })]);
    const remove = (id: string) => (state: OfficerAccount) => removePasskey(state, { account: ACCOUNT, passkey: id });
    given(officer, alone).when(remove('p1')).refuses('officer.last_factor');
    const another: OfficerEvent = { type: 'OfficerPasskeyAdded', data: { officer: ACCOUNT, passkey: 'p2', key: 'key', counter: 0, name: '安全密钥' } };
    const removed: OfficerEvent = { type: 'OfficerPasskeyRemoved', data: { officer: ACCOUNT, passkey: 'p1' } };
    given(officer, [...alone, another])
      .when(remove('p1'))
      .then([removed]);
    given(officer, [...alone, another, removed])
      .when(remove('p2'))
      .refuses('officer.last_factor');
  });

  it('The factors of an account have fifty sessions open at most: one more ends the oldest', () => {
    const sessions = Array.from({ length: 50 }, (_, at) => signedIn(`old-${at}`, { step: at + 1 }));
    given(officer, [added, passwordSet, enrolled, ...sessions])
      .when(signIn({ step: 101 }))
      .then([{ type: 'OfficerSignedOut', data: { officer: ACCOUNT, session: 'old-0' } }, signedIn('s2', { step: 101 })]);
  });
});

describe('Failed sign-ins of an officer', () => {
  const device = 'device' as Sealed<Device>;
  const failed = (at: 'password' | 'factor', times: number): OfficerEvent => ({ type: 'OfficerSignInsFailed', data: { officer: ACCOUNT, at, times, device } });

  it('Failed sign-ins of an officer are recorded for an account that there is, and for no other', () => {
    const note = (state: OfficerAccount) => noteFailedSignIns(state, { account: ACCOUNT, at: 'factor', times: 2, device });
    given(officer, [added])
      .when(note)
      .then([failed('factor', 2)]);
    given(officer, []).when(note).then([]);
  });
});
