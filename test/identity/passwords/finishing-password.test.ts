import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../../../src/event-store/cause.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { hashPassword } from '../../../src/identity/passwords/password-hash.js';
import { passwords } from '../../../src/identity/passwords/passwords.reactor.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { passwordInForce } from '../../../src/registrations/passwords/password-in-force.js';
import { RehashPassword } from '../../../src/registrations/passwords/rehash-password.command.js';
import { SetPassword } from '../../../src/registrations/passwords/set-password.command.js';
import type { PasswordHash, RegistrationEvent } from '../../../src/registrations/registrations.events.js';
import { type Sealed, Vault } from '../../../src/vault/vault.js';
import { reactionTo } from '../../reactions/reaction-to.js';
import { becomes, citizenNo, expectRefused, NEW, OLD, PasswordCentre } from './password-centre.js';

/** The reactor acts when a test says so. */
const at = PasswordCentre.forTests({ acts: false });
const NEWEST = '西皮流水 二黄导板';

let other: { readonly number: string; readonly id: string };
beforeEach(async () => {
  other = await at.otherNumber();
});

const typesOf = async (candidate: string) => (await at.events(candidate)).map(({ type }) => type);
const isIn = async (cookie: string) => (await at.page(cookie)).status === 200;
const leaves = (cookie: string) => becomes(false, () => isIn(cookie));
const inForce = async (candidate: string) => (await passwordInForce(candidate, at.centre.get(EventStore), at.centre.get(Vault)))?.passwordEvent;

type PasswordSetData = Extract<RegistrationEvent, { type: 'PasswordSet' }>['data'];

describe('The passwords reactor', () => {
  it('The passwords reactor follows a password that the person has set, and neither one that follows, nor a better hash, nor one of a release before', () => {
    const given = givenAt('2026-11-22T02:00:00.000Z');
    const everywhere = { at: '2026-11-22T02:00:00.000Z', others: 'sealed' as Sealed<readonly string[]> };
    const set = (more: Pick<PasswordSetData, 'everywhere' | 'copyOf' | 'rehashed'>) =>
      reactionTo<RegistrationEvent>(passwords, { type: 'PasswordSet', data: { candidateId: 'c', password: 'sealed' as Sealed<PasswordHash>, ...more } }, given);
    expect(set({ everywhere })).toEqual({ given, candidateId: 'c', passwordEvent: 'e', everywhere });
    for (const more of [{ copyOf: 'd' }, { rehashed: true }, {}] as const) expect(set(more)).toBeUndefined();
  });

  it('The passwords reactor records the password at the other number, and ends the sessions of before at both, those at the number where it was set last', async () => {
    const [mine, there] = [await at.centre.signIn(at.account), await at.centre.signIn(other.number)];
    await at.change(mine);
    await at.react();
    await leaves(there);
    expect(await isIn(mine)).toBe(true);
    const [set] = await at.settings();
    const log = (await at.centre.get(EventStore).read(set?.position ?? '', 100)).events;
    expect(log.map(({ type, subject }) => [type, subject === at.id])).toEqual([
      ['PasswordReset', false],
      ['PasswordSet', false],
      ['SignedOut', false],
      ['SessionsEnded', false],
      ['SessionsEnded', true],
    ]);
    expect(log[1]?.data).toMatchObject({ candidateId: other.id, copyOf: set?.id });
  });

  it('The passwords reactor lets in by the new password at a number that had none, before it acted and after', async () => {
    const number = at.newNumber();
    await at.centre.rows('candidates', { admission_no: number, name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(at.account) });
    await at.change(await at.centre.signIn(at.account));
    expect(await at.logIn(NEW, number)).toBe(303);
    expect(await at.logIn(OLD, number)).toBe(422);
    await at.react();
    expect(await at.logIn(NEW, number)).toBe(303);
  });

  it('The passwords reactor leaves the sessions in that were entered by the new password before it acted', async () => {
    await at.change(await at.centre.signIn(at.account));
    const [here, there] = [await at.centre.signIn(at.account, NEW), await at.centre.signIn(other.number, NEW)];
    await at.react();
    expect([await isIn(here), await isIn(there)]).toEqual([true, true]);
  });

  it('The passwords reactor does nothing when it is told again, in a later month too', async () => {
    await at.change(await at.centre.signIn(at.account));
    await at.react();
    at.pass(40 * 86_400);
    const cookie = await at.centre.signIn(other.number, NEW);
    const head = await at.centre.get(EventStore).head();
    await at.react();
    expect(await at.centre.get(EventStore).head()).toBe(head);
    expect(await isIn(cookie)).toBe(true);
  });

  it.each([1, 2, 3])('The passwords reactor that dies when it records for the %s. time does the rest when it is told again', async (step) => {
    const [mine, there] = [await at.centre.signIn(at.account), await at.centre.signIn(other.number)];
    await at.change(mine);
    const events = at.centre.get(EventStore);
    const append = events.append.bind(events);
    let appends = 0;
    jest.spyOn(events, 'append').mockImplementation(async (what) => {
      if (++appends >= step) throw new StoreUnavailable('the process is dead');
      return append(what);
    });
    await expect(at.react()).rejects.toThrow('the process is dead');
    jest.restoreAllMocks();
    expect([await at.logIn(OLD), await at.logIn(OLD, other.number)]).toEqual([422, 422]);
    at.pass(60);
    await at.react();
    await leaves(there);
    expect(await isIn(mine)).toBe(true);
    const counts = (types: readonly string[]) => ['PasswordSet', 'SessionsEnded'].map((type) => types.filter((each) => each === type).length);
    expect([counts(await typesOf(at.id)), counts(await typesOf(other.id))]).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });

  it('The passwords reactor has nothing to do for a candidate who is forgotten', async () => {
    await at.change(await at.centre.signIn(at.account));
    await at.centre.get(Vault).forget(at.id);
    const before = await typesOf(other.id);
    await at.react();
    expect(await typesOf(other.id)).toEqual(before);
  });
});

describe('From the moment at which a password is set at one number, and before the reactor acts,', () => {
  it('Once a password is set at one number, and before the reactor acts, the old one opens no number of the person, and the new one each', async () => {
    await at.change(await at.centre.signIn(at.account));
    const citizen = citizenNo(at.account);
    for (const number of [at.account, other.number, citizen]) expect([number, await at.logIn(OLD, number)]).toEqual([number, 422]);
    at.pass(3_600);
    for (const number of [at.account, other.number]) expect([number, await at.logIn(NEW, number)]).toEqual([number, 303]);
    const asked = await at.centre.ask('/login', { form: { account: citizen, password: NEW } });
    expect(asked.$('button[name=choice]')).toHaveLength(2);
  });

  it('Once a password is set at one number, and before the reactor acts, a password set by a reset replaces the old one at the other number too', async () => {
    await at.reset({ code: await at.issue() });
    expect([await at.logIn(OLD, other.number), await at.logIn(NEW, other.number)]).toEqual([422, 303]);
  });

  it('Once a password is set at one number, and before the reactor acts, the old one opens none where the read model does not show the new one yet', async () => {
    const cookie = await at.centre.signIn(at.account);
    await at.centre.settled();
    await at.centre.stopProjecting();
    await at.change(cookie);
    expect([await at.logIn(OLD), await at.logIn(OLD, other.number)]).toEqual([422, 422]);
    await at.centre.goOnProjecting();
  });

  it('Once a password is set at one number, and before the reactor acts, a choice of numbers that was waiting lets nobody in', async () => {
    const asked = await at.centre.ask('/login', { form: { account: citizenNo(at.account), password: OLD } });
    const cookie = String(asked.headers['set-cookie']).split(';')[0] as string;
    await at.change(await at.centre.signIn(at.account));
    expectRefused(await at.centre.ask('/login/choice', { cookie, form: { choice: other.id } }), '密码刚刚改过');
  });

  it('Once a password is set at one number, and before the reactor acts, a choice of numbers that the new one has begun lets in', async () => {
    await at.change(await at.centre.signIn(at.account));
    const asked = await at.centre.ask('/login', { form: { account: citizenNo(at.account), password: NEW } });
    const cookie = String(asked.headers['set-cookie']).split(';')[0] as string;
    expect((await at.centre.ask('/login/choice', { cookie, form: { choice: other.id } })).status).toBe(303);
  });

  it('Once a password is set at one number, and before the reactor acts, the old one sets no other at the other number', async () => {
    const there = await at.centre.signIn(other.number);
    await at.change(await at.centre.signIn(at.account));
    expectRefused(await at.change(there, { password: NEWEST, again: NEWEST }), '原密码不对');
    expect((await at.change(there, { old: NEW, password: NEWEST, again: NEWEST })).status).toBe(303);
    expect([await at.logIn(NEW), await at.logIn(NEWEST)]).toEqual([422, 303]);
  });

  it('Once a password is set at one number, and before the reactor acts, a better hash of the old one, of a login under way, does not bring it back', async () => {
    const kept = await passwordInForce(other.id, at.centre.get(EventStore), at.centre.get(Vault));
    if (!kept) throw new Error('the other number has no password');
    await at.change(await at.centre.signIn(at.account));
    const rehash = new RehashPassword(givenAt(at.centre.clock.instant()), other.id, await hashPassword(OLD), kept.password);
    await causedBy({ by: 'password-upgrade', origin: 'reaction', correlation: 'x' }, () => at.centre.get(CommandBus).execute(rehash));
    expect([await at.logIn(OLD, other.number), await at.logIn(NEW, other.number)]).toEqual([422, 303]);
    await at.react();
    expect([await at.logIn(OLD, other.number), await at.logIn(NEW, other.number)]).toEqual([422, 303]);
  });

  it('Once a password is set at one number, and before the reactor acts, a first password of an import does not stand against it', async () => {
    const number = at.newNumber();
    await at.centre.rows('candidates', { admission_no: number, name: '欧阳娜娜', birth: '1990-03-07', id_no: citizenNo(at.account) });
    await at.change(await at.centre.signIn(at.account));
    await at.centre.record(new SetPassword(at.centre.given(), await at.centre.idOf(number), await hashPassword(NEWEST)));
    expect([await at.logIn(NEWEST, number), await at.logIn(NEW, number)]).toEqual([422, 303]);
    await at.react();
    expect([await at.logIn(NEWEST, number), await at.logIn(NEW, number)]).toEqual([422, 303]);
  });

  it('Once a password is set at one number, and before the reactor acts, a number that comes to the person later keeps its own', async () => {
    await at.change(await at.centre.signIn(at.account));
    const later = await at.otherNumber();
    await at.react();
    expect([await at.logIn(OLD, later.number), await at.logIn(NEW, later.number)]).toEqual([303, 422]);
  });
});

describe('Of two passwords that are set one after the other at two numbers', () => {
  it.each<[string, (one: string, two: string) => readonly string[]]>([
    ['in order', (one, two) => [one, two]],
    ['the later first', (one, two) => [two, one]],
    ['both twice', (one, two) => [two, one, two, one]],
  ])(
    'Of two passwords that are set one after the other at two numbers the later one holds at both, however the reactor comes to them: %s',
    async (_, order) => {
      const [mine, there] = [await at.centre.signIn(at.account), await at.centre.signIn(other.number)];
      await at.change(mine);
      await at.change(there, { old: NEW, password: NEWEST, again: NEWEST });
      const [latest] = await at.settings(other.id);
      for (const candidate of order(at.id, other.id)) await at.react(candidate);
      await leaves(mine);
      expect(await isIn(there)).toBe(true);
      for (const { number, id } of [{ number: at.account, id: at.id }, other]) {
        expect([await inForce(id), await at.logIn(NEW, number), await at.logIn(NEWEST, number)]).toEqual([latest?.id, 422, 303]);
      }
    },
  );
});
