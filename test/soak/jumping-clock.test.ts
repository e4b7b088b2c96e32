import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Random } from '../../demo/random.js';
import { TestCentre } from '../centre.js';
import { firstSeed, roundsOf, timeoutFor } from './rounds.js';

const PASSWORD = 'correct horse';
const HOUR = 3_600_000;
/** Jumps of a clock in milliseconds: small corrections, daylight saving, a wrong time zone, and whole days. */
const JUMPS = [-48 * HOUR, -24 * HOUR, -8 * HOUR, -HOUR, -90_000, -1_000, 1_000, 90_000, HOUR, 24 * HOUR];
/** Seconds: the longest promised delay, and the longest wait beside it. */
const LONGEST = 720;

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
});
afterAll(() => centre.close());

const move = (milliseconds: number) => {
  centre.clock.time = new Date(centre.clock.time.getTime() + milliseconds);
};

function logIn(account: string, password: string, from: string, number = account) {
  return centre.application.inject({
    method: 'POST',
    url: '/login',
    remoteAddress: from,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: new URLSearchParams({ account: number, password }).toString(),
  });
}

/**
 * Strangers try to sign in, sessions begin and end, and the clock jumps; then the right person signs in, and comes back at the promised
 * time. A person whose clock was set back by less than clocks may differ is told that the sessions were ended, and signs in again.
 */
async function round(random: Random, account: string): Promise<void> {
  await centre.candidate(account, { id_type: '港澳居民来往内地通行证', id_no: `H${account}` });
  const cookies: string[] = [];
  for (let step = random.between(10, 80); step > 0; step--) {
    const what = random.between(1, 100);
    if (what <= 15) move(random.pick(JUMPS));
    else if (what <= 25) {
      const entered = await logIn(account, PASSWORD, `192.0.2.${random.between(0, 50)}`);
      cookies.push(...entered.cookies.filter(({ name }) => name === 'session').map(({ value }) => `session=${value}`));
    } else if (what <= 35 && cookies.length > 0) {
      await centre.ask('/center/account/sessions', { cookie: random.pick(cookies), form: { session: 'others' } });
    } else {
      const at = random.between(0, 60);
      await logIn(account, 'wrong', `198.51.100.${at}`, random.chance(30) ? `1155${String(random.between(0, 9_999_999)).padStart(8, '0')}` : account);
    }
  }
  const from = random.pick(['203.0.113.1', `198.51.100.${random.between(0, 60)}`]);
  for (let waited = 0; ; ) {
    const answer = await logIn(account, PASSWORD, from);
    if (answer.statusCode === 303) break;
    const isOvertaken = answer.statusCode === 422 && answer.body.includes('登录刚刚被退出');
    const seconds = isOvertaken ? 10 : Number(answer.headers['retry-after']);
    expect([answer.statusCode, seconds <= 120]).toEqual([isOvertaken ? 422 : 429, true]);
    move(seconds * 1_000);
    waited += seconds;
    expect(waited).toBeLessThanOrEqual(LONGEST);
  }
}

const rounds = roundsOf(6);
it(
  'A clock that jumps back and forth locks nobody out for longer than twelve minutes',
  async () => {
    const first = firstSeed();
    for (let at = 0; at < rounds; at++) {
      try {
        await round(new Random(first + at), String(119_944_000_000 + at));
      } catch (error) {
        throw new Error(`SOAK_SEED=${first + at} SOAK_ROUNDS=1 tries it again`, { cause: error });
      }
    }
  },
  timeoutFor(rounds),
);
