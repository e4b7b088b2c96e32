import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import type { IdentityEvent } from '../../../src/identity/identity.events.js';
import { logins } from '../../../src/identity/sessions/login.decider.js';
import type { Sealed } from '../../../src/vault/vault.js';
import { cookiesOf, TestCentre } from '../../centre.js';

const PERSON = { name: '王五', id_no: '119900198805050014', id_type: '外国人永久居留证' };
const [ACCOUNT, OTHER] = ['119912345671', '119912345672'] as const;
/** Sessions that may begin within an hour. */
const MOST = 60;
const MINUTE = 60_000;

let centre: TestCentre;
let [id, other] = ['', ''];
beforeAll(async () => {
  centre = await TestCentre.open();
  id = await centre.candidate(ACCOUNT, PERSON);
  other = await centre.candidate(OTHER, PERSON);
});
afterAll(() => centre.close());

const later = (milliseconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + milliseconds);
};
const logIn = (account: string = ACCOUNT) => centre.ask('/login', { form: { account, password: 'correct horse' } });
const switchTo = (cookie: string, number: string) => centre.ask('/center/account/number', { cookie, form: { number } });
const endOthers = (cookie: string) => centre.ask('/center/account/sessions', { cookie, form: { session: 'others' } });
const recorded = async () => (await centre.get(EventStore).read('', 10_000)).events.length;

describe('Ending all other sessions', () => {
  it('Ending all other sessions records nothing where none is open, however often it is asked for', async () => {
    const cookie = await centre.signIn(ACCOUNT);
    await endOthers(cookie);
    const before = await recorded();
    for (let time = 0; time < 3; time++) expect((await endOthers(cookie)).status).toBe(303);
    expect(await recorded()).toBe(before);
  });

  it('Ending all other sessions is recorded at every admission number of the person where a session of one of them ends', async () => {
    const mine = await centre.signIn(ACCOUNT);
    await centre.signIn(ACCOUNT);
    await endOthers(mine);
    const last = (await centre.get(EventStore).subject(other)).at(-1);
    expect(last).toMatchObject({ type: 'SessionsEnded', data: { candidateId: other, before: centre.clock.now().toISOString() } });
  });
});

describe('More sessions of an account than anybody needs within an hour', () => {
  beforeAll(async () => {
    later(2 * 60 * MINUTE);
    for (let time = 0; time < MOST; time++) {
      expect((await logIn()).status).toBe(303);
      if (time === 0) later(10 * MINUTE);
    }
  });

  it('More sessions of an account than anybody needs within an hour are refused at the login page in plain words, with the time from which it is possible again', async () => {
    const again = new Date(centre.clock.now().getTime() + 50 * MINUTE + 8 * 60 * MINUTE).toISOString();
    const answer = await logIn();
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, String(50 * 60)]);
    expect(answer.text).toContain(`这个账号一小时内登录的次数太多，请在 2026年11月22日 ${again.slice(11, 16)} 以后再试。`);
    expect((await logIn(`１${ACCOUNT.slice(1)} `)).body).toContain(`value="１${ACCOUNT.slice(1)} "`);
  });

  it('More sessions of an account than anybody needs within an hour are refused where another admission number is switched to, whose session goes on', async () => {
    const cookie = await centre.signIn(OTHER);
    const answer = await switchTo(cookie, id);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('这个账号一小时内登录的次数太多');
    expect((await centre.ask('/center/account', { cookie })).status).toBe(200);
  });

  it('More sessions of an account than anybody needs within an hour begin again once an hour has passed since the first of them', async () => {
    later(50 * MINUTE);
    expect((await logIn()).status).toBe(303);
    expect((await logIn()).status).toBe(429);
  });

  it('More sessions of an account than anybody needs within an hour are refused in the first hour of a month also where they began in the month before', async () => {
    centre.clock.time = new Date('2026-11-30T23:30:00.000Z');
    for (let time = 0; time < MOST; time++) expect((await logIn()).status).toBe(303);
    later(31 * MINUTE);
    const answer = await logIn();
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, String(29 * 60)]);
    later(29 * MINUTE);
    expect((await logIn()).status).toBe(303);
  });

  it('More sessions of an account than anybody needs within an hour are not held against anybody by a clock that was ahead', async () => {
    later(-24 * 60 * MINUTE);
    const answer = await logIn();
    expect(answer.status).toBe(303);
    expect(cookiesOf(answer)).toContain('session=');
  });
});

describe('What is kept of the sessions of a month to decide on', () => {
  it('What is kept of the sessions of a month to decide on does not grow with them without end', () => {
    let state = logins.initial();
    const device = 'sealed' as Sealed<never>;
    for (let at = 0; at < 30_000; at++) {
      const told: IdentityEvent[] = [
        { type: 'SignedIn', data: { candidateId: 'c', session: `s${at}`, device, at: new Date(at * 1_000).toISOString() } },
        { type: 'SignedOut', data: { candidateId: 'c', session: `s${at % 7}-${at}`, until: '2026-11-22T00:00:00.000Z' } },
      ];
      for (const event of told) state = logins.evolve(state, event);
    }
    expect(state.sessions.size).toBeLessThanOrEqual(24 * MOST);
    expect(state.beganAt.length).toBeLessThanOrEqual(MOST);
  });
});
