import { describe, expect, it } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import { SetPassword } from '../../../src/registrations/passwords/set-password.command.js';
import { cookiesOf } from '../../centre.js';
import { becomes, citizenNo, OLD, PasswordCentre } from '../passwords/password-centre.js';

const at = PasswordCentre.forTests();

describe('An older hash', () => {
  it('An older hash is replaced when its owner enters, as a reaction, and nobody notices', async () => {
    const number = at.newNumber();
    await at.centre.rows('candidates', { admission_no: number, id_no: citizenNo(number) });
    const candidate = await at.centre.idOf(number);
    const weak = await argon2.hash(OLD, { memoryCost: 1_024, timeCost: 1, parallelism: 1 });
    await at.centre.record(new SetPassword(at.centre.given(), candidate, weak));
    const cookie = await at.centre.signIn(number);
    const sets = async () => (await at.events(candidate)).filter(({ type }) => type === 'PasswordSet');
    await becomes(2, async () => (await sets()).length);
    expect((await sets()).at(-1)?.metadata).toMatchObject({ by: 'password-upgrade', origin: 'reaction' });
    await at.centre.settled();
    expect((await at.page(cookie)).status).toBe(200);
    expect(await at.logIn(OLD, number)).toBe(303);
    await at.centre.settled();
    expect(await sets()).toHaveLength(2);
  });
});

describe('A failed sign-in', () => {
  it('A failed sign-in is recorded for whose number it was, and says from where to nobody else', async () => {
    await at.logIn('wrong');
    await at.logIn('wrong again');
    const failures = async () => (await at.events()).filter(({ type }) => type === 'SignInsFailed');
    await becomes(1, async () => (await failures()).length);
    const [failure] = await failures();
    expect(failure).toMatchObject({ data: { candidateId: at.id, times: 2 }, metadata: { by: 'visitor' } });
    expect(JSON.stringify(failure)).not.toContain('127.0.0.1');
  });
});

describe('A cookie from before', () => {
  it('A cookie from before does not become a session by entering with it', async () => {
    const planted = 'session=eyJhbGciOiJIUzI1NiJ9.e30.planted';
    const answer = await at.centre.ask('/login', { cookie: planted, form: { account: at.account, password: OLD } });
    expect(answer.status).toBe(303);
    expect(cookiesOf(answer)).not.toContain('planted');
    expect((await at.page(planted)).status).toBe(303);
  });
});
