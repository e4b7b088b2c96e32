import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Passwords } from '../../../src/identity/passwords/passwords.js';
import { LoginOutcomes } from '../../../src/identity/sign-in/login-outcomes.js';
import { TestCentre } from '../../centre.js';

const ACCOUNT = '119977000001';
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.candidate(ACCOUNT);
});
afterAll(() => centre.close());

const tryFrom = (address: string, account: string, password = 'wrong', cookie = '') =>
  centre.application.inject({
    method: 'POST',
    url: '/login',
    remoteAddress: address,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    payload: new URLSearchParams({ account, password }).toString(),
  });

describe('More logins than can be checked', () => {
  it('More logins than can be checked do not stall a page, are turned away with the time to come back and the form as it was, and those in the queue are served', async () => {
    const session = await centre.signIn(ACCOUNT);
    let answered = 0;
    const flood = Array.from({ length: 1_200 }, async (_, at) => {
      const answer = await tryFrom(`10.0.${at >> 8}.${at & 255}`, `1199${String(at).padStart(8, '0')}`);
      answered += 1;
      return answer;
    });
    const page = await centre.ask('/center/account', { cookie: session });
    expect(page.status).toBe(200);
    expect(answered).toBeLessThan(1_200);
    const answers = await Promise.all(flood);
    const busy = answers.filter(({ statusCode }) => statusCode === 503);
    expect(answers.filter(({ statusCode }) => statusCode === 422).length + busy.length).toBe(1_200);
    expect(busy.length).toBeGreaterThan(0);
    const [turnedAway] = busy;
    const seconds = Number(turnedAway?.headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(2);
    expect(turnedAway?.body).toMatch(/现在登录的人很多，请 \d+ 秒后再试。/);
    expect(turnedAway?.body).toMatch(/name="account" value="1199\d{8}"/);
    expect(centre.get(LoginOutcomes).counts().get('busy')).toBe(busy.length);
    expect(centre.get(Passwords).pending).toBe(0);
    expect((await tryFrom('10.9.9.9', ACCOUNT, 'correct horse')).statusCode).toBe(303);
  });
});

describe('Spraying over many accounts from one address', () => {
  it('Spraying over many accounts from one address is slowed, while the right person enters there: at once where they have entered before, else when told', async () => {
    const carrier = '203.0.113.200';
    const known = await tryFrom(carrier, ACCOUNT, 'correct horse');
    const mark = known.cookies.find(({ name }) => name === 'known');
    const statuses: number[] = [];
    for (let at = 0; at < 230; at++) statuses.push((await tryFrom(carrier, `1188${String(at).padStart(8, '0')}`)).statusCode);
    expect(statuses.slice(0, 200)).toEqual(Array(200).fill(422));
    expect(statuses.slice(200)).toEqual(Array(30).fill(429));
    expect((await tryFrom(carrier, ACCOUNT, 'correct horse', `known=${mark?.value}`)).statusCode).toBe(303);
    const early = await tryFrom(carrier, ACCOUNT, 'correct horse');
    expect([early.statusCode, early.body]).toEqual([429, expect.stringContaining('您所在的网络最近有很多次登录失败')]);
    centre.clock.time = new Date(centre.clock.time.getTime() + Number(early.headers['retry-after']) * 1_000);
    expect((await tryFrom(carrier, ACCOUNT, 'correct horse')).statusCode).toBe(303);
    expect(centre.get(LoginOutcomes).counts().get('delayed_address')).toBe(31);
  });
});
