import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { SessionKeys } from '../sessions/session-keys.js';
import type { AttemptKeys, Delay, TallyRequest } from './attempt-tallies.js';
import { FailureRate } from './failure-rate.js';
import { networkOf } from './network.js';
import { Tallies } from './tallies.js';

/** What is tried: whose number, under one name however it was typed; from where; and whether this browser has entered with it before. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
  readonly known?: boolean;
}

/** The content of a tally request, without its time and the failure rate. */
type About =
  | { readonly kind: 'reserve'; readonly keys: AttemptKeys }
  | { readonly kind: 'settle'; readonly keys: AttemptKeys; readonly outcome: 'right' | 'unmade' }
  | { readonly kind: 'ask'; readonly address: string };

/** What was done, or why it was not done now. */
export type Throttled<T> = { readonly delay: Delay; readonly done?: undefined } | { readonly delay?: undefined; readonly done: T };

/**
 * Slows guessing, at one account from one address (from the fourth failure on 1, 2, 4 … 60 s), at one account from many
 * addresses, and at many accounts from one. Neither an account nor an address is ever locked: who comes too early gets a turn
 * of its own within a minute or two, or is promised one of the account where others keep all of them taken. A browser that has
 * entered with the number before waits for no turn, and for no stranger's failures. An account that does not exist is treated
 * alike. All processes of one installation count together, by two transactions an attempt.
 */
@Injectable()
export class LoginRateLimiter {
  constructor(
    private readonly clock: Clock,
    private readonly keys: SessionKeys,
    private readonly tallies: Tallies,
    private readonly failureRate: FailureRate,
  ) {}

  /**
   * Does work that finds out whether what was typed is right, where it is time for it. What could not be done does not count.
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

  /** A request about which nothing is checked takes a turn of its address alone. undefined: it may be answered. */
  ask(address: string): Promise<Delay | undefined> {
    return this.run({ kind: 'ask', address: this.network(address) });
  }

  /** Counts an attempt as failed before it is made: of many at the same time each counts. undefined: it may be made. */
  private async reserve(attempt: Attempt): Promise<Delay | undefined> {
    const delay = await this.run({ kind: 'reserve', keys: this.keysOf(attempt) });
    if (!delay) this.failureRate.count(1);
    return delay;
  }

  /** Takes the failure back that was counted before. */
  private async settle(attempt: Attempt, outcome: 'right' | 'unmade'): Promise<void> {
    this.failureRate.count(-1);
    await this.run({ kind: 'settle', keys: this.keysOf(attempt), outcome });
  }

  private async run(about: About): Promise<Delay | undefined> {
    const now = this.clock.now().getTime();
    const request: TallyRequest = { ...about, now, isUnderAttack: this.failureRate.isUnderAttack(now), failures: this.failureRate.takeUnreported(now) };
    const { delay, level } = await this.tallies.run(request);
    if (level) this.failureRate.observe(level, now);
    return delay;
  }

  private keysOf({ account, address, known = false }: Attempt): AttemptKeys {
    // known browsers have a pair of their own, or strangers behind the same address could keep them waiting
    const pair = this.key(`${account}\n${networkOf(address)}${known ? '\nknown' : ''}`);
    return { pair, account: `account ${this.key(account)}`, address: this.network(address), known };
  }

  private network(address: string): string {
    return `address ${this.key(networkOf(address))}`;
  }

  /** Kept nowhere as people have typed it. */
  private key(text: string): string {
    return createHmac('sha256', this.keys.delays).update(text).digest('base64url');
  }
}
