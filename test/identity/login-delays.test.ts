import { beforeEach, describe, expect, it } from '@jest/globals';
import { Config, readSettings } from '../../src/config.js';
import { LoginDelays } from '../../src/identity/login-delays.js';
import { SessionKeys } from '../../src/identity/session-keys.js';
import { type Channel, Siblings } from '../../src/processes/siblings.js';
import { SetClock } from '../centre.js';

const start = new Date('2026-11-22T02:00:00Z');
const keys = new SessionKeys(new Config(readSettings({ SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32).toString('base64') })));
let clock: SetClock;
let delays: LoginDelays;
beforeEach(() => {
  clock = new SetClock(start);
  delays = new LoginDelays(clock, keys, new Siblings());
});

const fail = (times: number, account = 'a', address = '203.0.113.1') => Array.from({ length: times }, () => delays.attempt(account, address));
const later = (seconds: number) => {
  clock.time = new Date(clock.time.getTime() + seconds * 1000);
};

describe('repeated failures', () => {
  it('wait from the fourth on, twice as long each time, up to a minute', () => {
    expect(fail(4)).toEqual([0, 0, 0, 0]);
    const waits = [];
    for (let more = 0; more < 8; more++) {
      const wait = delays.attempt('a', '203.0.113.1');
      waits.push(wait);
      later(wait);
      expect(delays.attempt('a', '203.0.113.1')).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('are told how long is left, and asking early makes it no longer', () => {
    fail(6, 'a');
    later(1);
    delays.attempt('a', '203.0.113.1');
    expect(delays.attempt('a', '203.0.113.1')).toBe(2);
    later(0.5);
    expect(delays.attempt('a', '203.0.113.1')).toBe(2);
    later(1.5);
    expect(delays.attempt('a', '203.0.113.1')).toBe(0);
  });

  it('delay the pair alone: not the account elsewhere, not the address with another account', () => {
    fail(5);
    expect(delays.attempt('a', '203.0.113.1')).toBeGreaterThan(0);
    expect(delays.attempt('a', '203.0.113.2')).toBe(0);
    expect(delays.attempt('b', '203.0.113.1')).toBe(0);
  });

  it('are forgotten after success, and after an hour', () => {
    fail(5);
    delays.succeeded('a', '203.0.113.1');
    expect(fail(4)).toEqual([0, 0, 0, 0]);
    expect(delays.attempt('a', '203.0.113.1')).toBe(1);
    later(3600);
    expect(fail(4)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0:1::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
  ])('count %s and %s as one place', (one, other) => {
    fail(5, 'a', one);
    expect(delays.attempt('a', other)).toBeGreaterThan(0);
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1::', '2001:db8:0:1::'],
  ])('count %s and %s as two', (one, other) => {
    fail(5, 'a', one);
    expect(delays.attempt('a', other)).toBe(0);
  });
});

describe('two web processes of one centre', () => {
  /** Those who hear one another, as if the primary handed on at once what they say. */
  class Pair extends Siblings {
    private readonly heard: ((word: never) => void)[] = [];

    override channel<Word>(): Channel<Word> {
      const own = this.heard.length;
      return {
        tell: (word) => {
          for (const handle of this.heard.filter((_, at) => at !== own)) handle(word as never);
        },
        hear: (handle) => this.heard.push(handle as (word: never) => void),
      };
    }
  }
  let one: LoginDelays;
  let other: LoginDelays;
  beforeEach(() => {
    const pair = new Pair();
    one = new LoginDelays(clock, keys, pair);
    other = new LoginDelays(clock, keys, pair);
  });

  it('count failures together', () => {
    for (const process of [one, other, one, other]) expect(process.attempt('a', '203.0.113.1')).toBe(0);
    expect([one, other].map((process) => process.attempt('a', '203.0.113.1'))).toEqual([1, 1]);
    later(1);
    expect(one.attempt('a', '203.0.113.1')).toBe(0);
    expect(other.attempt('a', '203.0.113.1')).toBe(2);
    expect(other.attempt('b', '203.0.113.1')).toBe(0);
  });

  it('forget them together after a success', () => {
    for (const process of [one, other, one, other]) process.attempt('a', '203.0.113.1');
    one.succeeded('a', '203.0.113.1');
    expect([one, other, one, other].map((process) => process.attempt('a', '203.0.113.1'))).toEqual([0, 0, 0, 0]);
  });
});
