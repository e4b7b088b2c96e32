import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock.js';
import { type Channel, Siblings } from '../processes/siblings.js';
import { SessionKeys } from './session-keys.js';

const FREE_FAILURES = 3;
const LONGEST_DELAY = 60_000;
/** After so long without a failure a pair begins anew. Milliseconds. */
const FORGOTTEN_AFTER = 3_600_000;
const MOST_REMEMBERED = 100_000;

/** What web processes of one centre tell one another of a pair: an attempt counted as failed, or none at all any more. */
interface Word {
  readonly pair: string;
  /** Milliseconds since the epoch; undefined after a success. */
  readonly failedAt?: number;
}

interface Failures {
  readonly count: number;
  /** Milliseconds since the epoch: no attempt before. */
  readonly waitUntil: number;
  readonly lastAt: number;
}

/**
 * Slows guessing: from the fourth failure on, a pair of account and address waits 1, 2, 4 … 60 s. The account itself is
 * never locked, since a stranger could do that to anyone; nor the address, which thousands share behind a carrier. An
 * account that does not exist is treated alike. Web processes of one centre count together.
 */
@Injectable()
export class LoginDelays {
  private readonly failures = new LRUCache<string, Failures>({ max: MOST_REMEMBERED });
  private readonly others: Channel<Word>;

  constructor(
    private readonly clock: Clock,
    private readonly keys: SessionKeys,
    siblings: Siblings,
  ) {
    this.others = siblings.channel('login failures');
    this.others.hear(({ pair, failedAt }) => (failedAt === undefined ? this.failures.delete(pair) : this.count(pair, failedAt)));
  }

  /**
   * Counts an attempt as failed until it is known to have succeeded: many at the same time count each.
   * @returns seconds to wait when it comes too early and must not be made; 0 when it may
   */
  attempt(account: string, address: string): number {
    const pair = this.pair(account, address);
    const now = this.clock.now().getTime();
    const before = this.before(pair, now);
    if (before && now < before.waitUntil) return Math.ceil((before.waitUntil - now) / 1000);
    this.count(pair, now);
    this.others.tell({ pair, failedAt: now });
    return 0;
  }

  succeeded(account: string, address: string): void {
    const pair = this.pair(account, address);
    this.failures.delete(pair);
    this.others.tell({ pair });
  }

  private count(pair: string, at: number): void {
    const count = (this.before(pair, at)?.count ?? 0) + 1;
    this.failures.set(pair, { count, waitUntil: at + delayAfter(count), lastAt: at });
  }

  private before(pair: string, now: number): Failures | undefined {
    const failures = this.failures.get(pair);
    return failures && now - failures.lastAt < FORGOTTEN_AFTER ? failures : undefined;
  }

  private pair(account: string, address: string): string {
    return createHmac('sha256', this.keys.delays)
      .update(`${account}\n${network(address)}`)
      .digest('base64url');
  }
}

function delayAfter(failures: number): number {
  return failures <= FREE_FAILURES ? 0 : Math.min(1000 * 2 ** (failures - FREE_FAILURES - 1), LONGEST_DELAY);
}

/** One connection has a whole /64 of IPv6 addresses to itself: they count as one. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [before = '', after] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const head = before.split(':').filter(Boolean);
  const tail = after?.split(':').filter(Boolean) ?? [];
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join(':');
}
