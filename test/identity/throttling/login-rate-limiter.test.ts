import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { FailureRate } from '../../../src/identity/throttling/failure-rate.js';
import { type Attempt, LoginRateLimiter } from '../../../src/identity/throttling/login-rate-limiter.js';
import type { RateLimitStore } from '../../../src/identity/throttling/rate-limit-store.js';
import type { Delay } from '../../../src/identity/throttling/rate-limits.js';
import { SqliteRateLimitStore } from '../../../src/identity/throttling/sqlite.rate-limit-store.js';
import { Config, readSettings } from '../../../src/settings/settings.js';
import { SetClock } from '../../centre.js';
import { attempted } from './attempted.js';

const start = new Date('2026-11-22T02:00:00Z');
const keys = new SessionKeys(new Config(readSettings({ SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32).toString('base64') })));
let folder: string;
let open: RateLimitStore[];
let clock: SetClock;
let limiter: LoginRateLimiter;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallies-'));
  open = [];
  clock = new SetClock(start);
  limiter = anotherProcess();
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  rmSync(folder, { recursive: true });
});

/** One more process of the same installation. */
function anotherProcess(): LoginRateLimiter {
  const store = new SqliteRateLimitStore(join(folder, 'tallies.sqlite'));
  open.push(store);
  return new LoginRateLimiter(clock, keys, store, new FailureRate());
}

const HERE = '203.0.113.1';
const later = (seconds: number) => {
  clock.time = new Date(clock.time.getTime() + seconds * 1000);
};
/** Seconds to wait, 0 for none. */
const wait = async (account = 'a', address = HERE, by = limiter) => (await attempted(by, { account, address }))?.seconds ?? 0;

async function inTurn<T>(times: number, work: (at: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let at = 0; at < times; at++) answers.push(await work(at));
  return answers;
}
const fail = (times: number, account = 'a', address = HERE) => inTurn(times, () => wait(account, address));

describe('Repeated failures of a number from an address', () => {
  it('Repeated failures of a number from an address are delayed from the fourth on, twice as long each time, up to a minute', async () => {
    expect(await fail(4)).toEqual([0, 0, 0, 0]);
    const waits = await inTurn(8, async () => {
      const seconds = await wait();
      later(seconds);
      expect(await wait()).toBe(0);
      return seconds;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('Repeated failures of a number from an address are told the remaining time, which an early retry does not extend', async () => {
    await fail(5);
    later(1);
    expect(await wait()).toBe(0);
    later(0.5);
    expect(await wait()).toBe(2);
    expect(await attempted(limiter, { account: 'a', address: HERE })).toEqual({ seconds: 2, by: 'pair' });
    later(1.5);
    expect(await wait()).toBe(0);
  });

  it('Repeated failures of a number from an address are each counted when they are concurrent', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => wait()));
    expect(all.filter((seconds) => seconds === 0)).toHaveLength(4);
  });

  it('Repeated failures of a number from an address delay the pair alone: not the number elsewhere, not the address with another number', async () => {
    await fail(5);
    expect(await wait()).toBeGreaterThan(0);
    expect(await wait('a', '203.0.113.2')).toBe(0);
    expect(await wait('b')).toBe(0);
  });

  it('Repeated failures of a number from an address are reset by a success, and after an hour', async () => {
    await fail(5);
    later(1);
    expect(await attempted(limiter, { account: 'a', address: HERE }, 'right')).toBeUndefined();
    expect(await fail(4)).toEqual([0, 0, 0, 0]);
    expect(await wait()).toBe(1);
    later(3600);
    expect(await fail(4)).toEqual([0, 0, 0, 0]);
  });

  it('Repeated failures of a number from an address are not counted for attempts that could not be made', async () => {
    await inTurn(20, async () => {
      expect(await attempted(limiter, { account: 'a', address: HERE }, 'not made')).toBeUndefined();
    });
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0:1::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
  ])('Repeated failures of a number from an address are counted together from %s and %s', async (one, other) => {
    await fail(5, 'a', one);
    expect(await wait('a', other)).toBeGreaterThan(0);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1::', '2001:db8:0:1::1'],
  ])('Repeated failures of a number from an address are counted apart from %s and %s', async (one, other) => {
    await fail(5, 'a', one);
    expect(await wait('a', other)).toBe(0);
  });
});

describe('One number tried from many addresses', () => {
  const from = (at: number) => `198.51.${at >> 8}.${at & 255}`;
  const trying = (times: number) => inTurn(times, (at) => attempted(limiter, { account: 'a', address: from(at) }));

  it('One number tried from many addresses gets one attempt every 20 seconds after 30 failures', async () => {
    const all = await trying(40);
    expect(all.slice(0, 30)).toEqual(Array(30).fill(undefined));
    const waits = all.slice(30).map((delay) => delay as Delay);
    expect(waits.every(({ by }) => by === 'account')).toBe(true);
    expect(waits.map(({ seconds }) => seconds)).toEqual([20, 40, 60, 80, 100, 120, 120, 120, 120, 120]);
  });

  it('One number tried from many addresses still lets the right person in: after a wait from anywhere, and at once in a known browser', async () => {
    await trying(33);
    expect(await attempted(limiter, { account: 'a', address: HERE, known: true })).toBeUndefined();
    const elsewhere: Attempt = { account: 'a', address: '203.0.113.77' };
    const { seconds } = (await attempted(limiter, elsewhere)) as Delay;
    expect(seconds).toBe(80);
    later(seconds);
    await trying(33); // who goes on trying takes nobody's turn
    expect(await attempted(limiter, elsewhere)).toBeUndefined();
  });

  it('One number tried from many addresses delays no other number', async () => {
    await trying(60);
    expect(await wait('b', from(1))).toBe(0);
  });

  it('One number tried from many addresses delays nobody any more once it has stopped', async () => {
    await trying(40);
    later(3600);
    expect(await wait('a', from(1))).toBe(0);
  });
});

describe('Many numbers tried from one address', () => {
  const spraying = (times: number, begin = 0) => inTurn(times, (at) => attempted(limiter, { account: `sprayed ${begin + at}`, address: HERE }));

  it('Many numbers tried from one address get one attempt a second after 200 failures', async () => {
    const all = await spraying(260);
    expect(all.slice(0, 200)).toEqual(Array(200).fill(undefined));
    expect(all.slice(200, 203)).toEqual([1, 2, 3].map((seconds) => ({ seconds, by: 'address' })));
    expect(all.at(-1)).toEqual({ seconds: 60, by: 'address' });
  });

  it('Many numbers tried from one address still let the right person in there after one wait, and elsewhere at once', async () => {
    await spraying(220);
    const { seconds } = (await attempted(limiter, { account: 'a', address: HERE })) as Delay;
    expect(seconds).toBeLessThanOrEqual(60);
    later(seconds);
    await spraying(100, 1_000);
    expect(await attempted(limiter, { account: 'a', address: HERE })).toBeUndefined();
    expect(await wait('b', '203.0.113.2')).toBe(0);
    expect(await attempted(limiter, { account: 'c', address: HERE, known: true })).toBeUndefined();
  });

  it('Many numbers tried from one address do not delay a carrier’s address on results day, with 20 logins a second of which one fails', async () => {
    const delayed = await inTurn(1_000, async (at) => {
      if (at % 20 === 0) later(1);
      return attempted(limiter, { account: `candidate ${at}`, address: HERE }, at % 20 === 7 ? 'wrong' : 'right');
    });
    expect(delayed.filter((delay) => delay !== undefined)).toEqual([]);
  });
});

describe('Lists tried from many addresses at many numbers', () => {
  it('Lists tried from many addresses at many numbers lower the limits for repeated failures, and delay nobody else', async () => {
    for (let second = 0; second < 30; second++) {
      later(1);
      await inTurn(150, (at) => attempted(limiter, { account: `listed ${second} ${at}`, address: `10.${second}.0.${at}` }));
    }
    expect(await wait('somebody', HERE)).toBe(0);
    const sprayed = await inTurn(30, (at) => attempted(limiter, { account: `sprayed ${at}`, address: '203.0.113.5' }));
    expect(sprayed.slice(0, 20)).toEqual(Array(20).fill(undefined));
    expect(sprayed[20]).toEqual({ seconds: 5, by: 'address' });
    later(300);
    expect(await inTurn(30, (at) => wait(`later ${at}`, '203.0.113.6'))).toEqual(Array(30).fill(0));
  });
});

describe('Two processes of one installation', () => {
  let other: LoginRateLimiter;
  beforeEach(() => {
    other = anotherProcess();
  });

  it('Two processes of one installation count failures together, also after a restart', async () => {
    for (const process of [limiter, other, limiter, other]) expect(await wait('a', HERE, process)).toBe(0);
    expect([await wait('a', HERE, limiter), await wait('a', HERE, other), await wait('a', HERE, anotherProcess())]).toEqual([1, 1, 1]);
    later(1);
    expect(await wait('a', HERE, limiter)).toBe(0);
    expect(await wait('a', HERE, other)).toBe(2);
    expect(await wait('b', HERE, other)).toBe(0);
  });

  it('Two processes of one installation reset failures together after a success', async () => {
    for (const process of [limiter, other, limiter, other]) await wait('a', HERE, process);
    later(1);
    expect(await attempted(limiter, { account: 'a', address: HERE }, 'right')).toBeUndefined();
    for (const process of [limiter, other, limiter, other]) expect(await wait('a', HERE, process)).toBe(0);
  });
});

describe('The store of rate limits', () => {
  it('The store of rate limits contains nothing that anybody has typed', async () => {
    await wait('119912345678');
    await open[0]?.close();
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(join(folder, 'tallies.sqlite'), 'latin1');
    expect(bytes).not.toContain('119912345678');
    expect(bytes).not.toContain(HERE);
  });
});
