import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { FailureRate } from '../../../src/identity/throttling/failure-rate.js';
import { type Attempt, LoginRateLimiter } from '../../../src/identity/throttling/login-rate-limiter.js';
import { RateLimitStore } from '../../../src/identity/throttling/rate-limit-store.js';
import { changesFor, type RateLimitAnswer, type RateLimitRequest } from '../../../src/identity/throttling/rate-limits.js';
import { SqliteRateLimitTable } from '../../../src/identity/throttling/sqlite.rate-limit-table.js';
import { Config, readSettings } from '../../../src/settings/settings.js';
import { SetClock } from '../../centre.js';
import { attempted } from './attempted.js';

const start = new Date('2026-11-22T02:00:00Z');
const keys = new SessionKeys(new Config(readSettings({ SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32).toString('base64') })));
const HOUR = 3_600;
const MINUTES = 60;
const CARRIER = '203.0.113.1';
const HOME = '192.0.2.7';

/** What SqliteRateLimitStore does, in this thread and in memory: a hundred thousand attempts need not each wait for another one, or for a file. */
class StoreInMemory extends RateLimitStore {
  private readonly table = new SqliteRateLimitTable(new DatabaseSync(':memory:'), 500_000);

  override async run(request: RateLimitRequest): Promise<RateLimitAnswer> {
    return this.table.run(changesFor(request), request.now);
  }

  override async close(): Promise<void> {
    this.table.close();
  }
}

let store: RateLimitStore;
let clock: SetClock;
let limiter: LoginRateLimiter;
beforeEach(() => {
  store = new StoreInMemory();
  clock = new SetClock(start);
  limiter = new LoginRateLimiter(clock, keys, store, new FailureRate());
});
afterEach(() => store.close());

/** Seconds since the start. */
const now = () => (clock.time.getTime() - start.getTime()) / 1_000;

/** Who goes on trying an account from a place, and never knows the password. */
class Guesser {
  guesses = 0;
  private next = 0;

  constructor(private readonly attempt: Attempt) {}

  /** Whenever it likes. */
  async guess(): Promise<void> {
    const delay = await attempted(limiter, this.attempt);
    if (!delay) this.guesses += 1;
    this.next = now() + (delay?.seconds ?? 0);
  }

  /** As soon as it was told that it may. */
  async guessWhenTold(): Promise<void> {
    if (now() >= this.next) await this.guess();
  }
}

/** Who knows the password, and comes back when told. */
class Owner {
  /** Seconds since the start. */
  enteredAt: number | undefined;
  readonly told: number[] = [];
  private next: number;

  constructor(
    private readonly attempt: Attempt,
    readonly from: number,
  ) {
    this.next = from;
  }

  async enterWhenTold(): Promise<void> {
    if (this.enteredAt !== undefined || now() < this.next) return;
    const delay = await attempted(limiter, this.attempt, 'right');
    if (delay) {
      this.told.push(delay.seconds);
      this.next = now() + delay.seconds;
      return;
    }
    this.enteredAt = now();
  }
}

/** Second by second. */
async function pass(seconds: number, each: (second: number) => Promise<void>): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await each(second);
    clock.time = new Date(clock.time.getTime() + 1_000);
  }
}

const botnet = (size: number) => Array.from({ length: size }, (_, at) => new Guesser({ account: 'a', address: `198.51.100.${at}` }));
const guessesOf = (guessers: readonly Guesser[]) => guessers.reduce((sum, { guesses }) => sum + guesses, 0);

/** So many tries in a second, by turns. */
async function press(guessers: readonly Guesser[], second: number, rate: number): Promise<void> {
  for (let at = Math.floor(second * rate); at < Math.floor((second + 1) * rate); at++) await guessers[at % guessers.length]?.guess();
}

describe('A stranger behind the same carrier’s address who tries a number whenever told', () => {
  const stranger = () => new Guesser({ account: 'a', address: CARRIER });

  it('A stranger behind the same carrier’s address who tries a number whenever told never delays a browser that has signed in with the number before', async () => {
    const one = stranger();
    const owners = Array.from({ length: 12 }, (_, at) => new Owner({ account: 'a', address: CARRIER, known: true }, at * (HOUR / 2)));
    await pass(6 * HOUR, async () => {
      await one.guessWhenTold();
      for (const owner of owners) await owner.enterWhenTold();
    });
    expect(one.guesses).toBeGreaterThan(6 * 59);
    expect(owners.map(({ enteredAt, from }) => (enteredAt ?? Number.NaN) - from)).toEqual(owners.map(() => 0));
  });

  it('A stranger behind the same carrier’s address who tries a number whenever told gains nothing when the known browser enters or cannot make its attempt', async () => {
    const one = stranger();
    await pass(HOUR, () => one.guessWhenTold());
    const known: Attempt = { account: 'a', address: CARRIER, known: true };
    expect(await attempted(limiter, known, 'not made')).toBeUndefined();
    expect(await attempted(limiter, known, 'right')).toBeUndefined();
    expect((await attempted(limiter, { account: 'a', address: CARRIER }))?.by).toBe('pair');
  });

  it('A stranger behind the same carrier’s address who tries a number whenever told is limited like anybody in a known browser', async () => {
    const thief = new Guesser({ account: 'a', address: CARRIER, known: true });
    await pass(6 * HOUR, () => thief.guess());
    expect(thief.guesses).toBeLessThanOrEqual(6 * 60 + 12);
  });
});

describe('Ten addresses that take all reservations of a number', () => {
  it.each([
    { rate: 1.4, hours: 6 },
    { rate: 3, hours: 2 },
  ])(
    'Ten addresses that take all reservations of a number keep a new browser elsewhere out for ten minutes and no longer, with $rate tries a second in $hours hours',
    async ({ rate, hours }) => {
      const bots = botnet(10);
      // not in step with the turns, and each with time enough before the end
      const owners = Array.from({ length: 10 }, (_, at) => new Owner({ account: 'a', address: `192.0.2.${at}` }, HOUR / 2 + at * ((hours - 1) * 359 + 3)));
      await pass(hours * HOUR, async (second) => {
        await press(bots, second, rate);
        for (const owner of owners) await owner.enterWhenTold();
      });
      const waited = owners.map(({ enteredAt = Number.NaN, from }) => enteredAt - from);
      expect(Math.max(...waited)).toBe(10 * MINUTES);
      expect(owners.flatMap(({ told }) => told).every((seconds) => seconds <= 120)).toBe(true);
    },
  );

  it('Ten addresses that take all reservations of a number have one guess every 20 seconds, and one more for each address and ten minutes', async () => {
    const bots = botnet(10);
    await pass(6 * HOUR, (second) => press(bots, second, 1.4));
    const inTurn = 30 + (6 * HOUR) / 20;
    expect(guessesOf(bots)).toBeGreaterThan(inTurn);
    expect(guessesOf(bots)).toBeLessThanOrEqual(inTurn + bots.length * ((6 * HOUR) / (10 * MINUTES)));
  });

  it('Ten addresses that take all reservations of a number have no more guesses when all try at once', async () => {
    const bots = botnet(10);
    await pass(HOUR / 2, async () => {
      await Promise.all([...bots, ...bots].map((bot) => bot.guess()));
    });
    expect(guessesOf(bots)).toBeLessThanOrEqual(30 + HOUR / 2 / 20 + bots.length * 3);
  });
});

describe('A promised attempt', () => {
  const there: Attempt = { account: 'a', address: HOME };
  /** Nobody asks for a turn of their own while all are taken. */
  const keepAllTaken = async () => {
    for (let at = 0; at < 50; at++) await attempted(limiter, { account: 'a', address: `198.51.${clock.time.getTime() % 251}.${at}` });
  };
  const later = (seconds: number) => {
    clock.time = new Date(clock.time.getTime() + seconds * 1_000);
  };
  beforeEach(keepAllTaken);

  it('A promised attempt is never further off than the wait that a retry is told', async () => {
    expect(await attempted(limiter, there)).toEqual({ seconds: 120, by: 'account' });
    later(9 * MINUTES + 15);
    await keepAllTaken();
    expect(await attempted(limiter, there)).toEqual({ seconds: 45, by: 'account' });
    later(45);
    await keepAllTaken();
    expect(await attempted(limiter, there)).toBeUndefined();
  });

  it('A promised attempt is used once, by one of several concurrent attempts', async () => {
    await attempted(limiter, there);
    later(10 * MINUTES);
    await keepAllTaken();
    const all = await Promise.all(Array.from({ length: 20 }, () => attempted(limiter, there)));
    expect(all.filter((delay) => delay === undefined)).toHaveLength(1);
    later(10 * MINUTES - 1);
    await keepAllTaken();
    expect(await attempted(limiter, there)).toEqual({ seconds: 1, by: 'account' });
  });

  it('A promised attempt is still there when the attempt could not be made', async () => {
    await attempted(limiter, there);
    later(10 * MINUTES);
    await keepAllTaken();
    expect(await attempted(limiter, there, 'not made')).toBeUndefined();
    expect(await attempted(limiter, there)).toBeUndefined();
    expect(await attempted(limiter, there)).toEqual({ seconds: 120, by: 'account' });
  });

  it('A promised attempt stays when the pair has an ordinary attempt meanwhile', async () => {
    await attempted(limiter, there);
    later(5 * MINUTES);
    expect(await attempted(limiter, there)).toBeUndefined();
    await keepAllTaken();
    later(5 * MINUTES);
    await keepAllTaken();
    expect(await attempted(limiter, there)).toBeUndefined();
  });

  it('A promised attempt holds for the number alone: an address that tries many waits for its own limit, and loses nothing by it', async () => {
    await attempted(limiter, there);
    later(10 * MINUTES);
    await keepAllTaken();
    for (let at = 0; at < 300; at++) await attempted(limiter, { account: `sprayed ${at}`, address: HOME });
    expect(await attempted(limiter, there)).toEqual({ seconds: 60, by: 'address' });
    later(65);
    await keepAllTaken();
    expect(await attempted(limiter, there)).toBeUndefined();
  });
});

it('An address that tries many numbers gains no guesses by coming back to each after ten minutes', async () => {
  const size = 3_000;
  const guessers = Array.from({ length: size }, (_, at) => new Guesser({ account: `sprayed ${at}`, address: CARRIER }));
  await pass(HOUR / 2, (second) => press(guessers, second, 5));
  expect(guessesOf(guessers)).toBeLessThanOrEqual(200 + HOUR / 2);
});
