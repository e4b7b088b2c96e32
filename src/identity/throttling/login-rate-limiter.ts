import { createHmac } from 'node:crypto';
import { Clock } from '../../kernel/clock.js';
import { SessionKeys } from '../sessions/session-keys.js';
import { FailureRate } from './failure-rate.js';
import { networkOf } from './network.js';
import { RateLimitStore } from './rate-limit-store.js';
import type { AttemptKeys, Delay, RateLimitRequest } from './rate-limits.js';

/** An attempt: the name of the number's holder, the client's address, and whether the browser has signed in with the number before. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
  readonly known?: boolean;
}

/** A request to the store, without its time and the failure rate. */
type About =
  | { readonly kind: 'reserve'; readonly keys: AttemptKeys }
  | { readonly kind: 'settle'; readonly keys: AttemptKeys; readonly outcome: 'right' | 'unmade' }
  | { readonly kind: 'ask'; readonly address: string };

/** The result of the work, or the delay because of which it was not done. */
export type Throttled<T> = { readonly delay: Delay; readonly done?: undefined } | { readonly delay?: undefined; readonly done: T };

/**
 * Limits guesses of one account from one address (after the fourth failure a delay of 1, 2, 4 … 60 s), of one account from many addresses,
 * and of many accounts from one address (ADR 16). Nothing is ever locked: a delayed attempt gets a reservation within two minutes, or a
 * promise where others take all of them. A known browser waits neither for reservations nor because of strangers' failures.
 */
export class LoginRateLimiter {
  constructor(
    private readonly clock: Clock,
    private readonly keys: SessionKeys,
    private readonly store: RateLimitStore,
    private readonly failureRate: FailureRate,
  ) {}

  /**
   * Does the work of an attempt unless it comes too early. An attempt whose work throws does not count as a failure.
   * @throws what the work throws
   */
  async throttled<T>(attempt: Attempt, work: () => Promise<T>, isRight: (done: T) => boolean): Promise<Throttled<T>> {
    const delay = await this.reserve(attempt);
    if (delay) return { delay };
    let done: T;
    try {
      done = await work();
    } catch (error) {
      await this.settle(attempt, 'unmade');
      throw error;
    }
    if (isRight(done)) await this.settle(attempt, 'right');
    return { done };
  }

  /** Counts a request that checks nothing for its address alone. undefined: it may be answered. */
  ask(address: string): Promise<Delay | undefined> {
    return this.run({ kind: 'ask', address: this.network(address) });
  }

  /** Counts an attempt as failed before it is made, so that concurrent ones count as well. undefined: it may be made. */
  private async reserve(attempt: Attempt): Promise<Delay | undefined> {
    const delay = await this.run({ kind: 'reserve', keys: this.keysOf(attempt) });
    if (!delay) this.failureRate.count(1);
    return delay;
  }

  /** Takes back the failure that `reserve` has counted. */
  private async settle(attempt: Attempt, outcome: 'right' | 'unmade'): Promise<void> {
    this.failureRate.count(-1);
    await this.run({ kind: 'settle', keys: this.keysOf(attempt), outcome });
  }

  private async run(about: About): Promise<Delay | undefined> {
    const now = this.clock.now().getTime();
    const request: RateLimitRequest = { ...about, now, isUnderAttack: this.failureRate.isUnderAttack(now), failures: this.failureRate.takeUnreported(now) };
    const { delay, level } = await this.store.run(request);
    if (level) this.failureRate.observe(level, now);
    return delay;
  }

  private keysOf({ account, address, known = false }: Attempt): AttemptKeys {
    // a known browser has its own pair, so that strangers with the same address do not delay it
    const pair = this.key(`${account}\n${networkOf(address)}${known ? '\nknown' : ''}`);
    return { pair, account: `account ${this.key(account)}`, address: this.network(address), known };
  }

  private network(address: string): string {
    return `address ${this.key(networkOf(address))}`;
  }

  /** Hashed, so that what people type is not stored. */
  private key(text: string): string {
    return createHmac('sha256', this.keys.rateLimits).update(text).digest('base64url');
  }
}
