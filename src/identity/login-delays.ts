import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../clock.js';

const FREE_FAILURES = 3;
const LONGEST_DELAY = 60_000;
/** After so long without a failure a pair begins anew. Milliseconds. */
const FORGOTTEN_AFTER = 3_600_000;
const MOST_REMEMBERED = 100_000;

interface Failures {
  readonly count: number;
  /** Milliseconds since the epoch: no attempt before. */
  readonly waitUntil: number;
  readonly lastAt: number;
}

/**
 * Slows guessing: from the fourth failure on, a pair of account and address waits 1, 2, 4 … 60 s. The account itself is
 * never locked, since a stranger could do that to anyone; nor the address, which thousands share behind a carrier. An
 * account that does not exist is treated alike.
 */
@Injectable()
export class LoginDelays {
  private readonly failures = new LRUCache<string, Failures>({ max: MOST_REMEMBERED });
  /** What people typed is not kept, only told apart. */
  private readonly key = randomBytes(32);

  constructor(private readonly clock: Clock) {}

  /**
   * Counts an attempt as failed until it is known to have succeeded: many at the same time count each.
   * @returns seconds to wait when it comes too early and must not be made; 0 when it may
   */
  attempt(account: string, address: string): number {
    const pair = this.pair(account, address);
    const now = this.clock.now().getTime();
    const before = this.failures.get(pair);
    const count = before && now - before.lastAt < FORGOTTEN_AFTER ? before.count : 0;
    if (before && count > 0 && now < before.waitUntil) return Math.ceil((before.waitUntil - now) / 1000);
    this.failures.set(pair, { count: count + 1, waitUntil: now + delayAfter(count + 1), lastAt: now });
    return 0;
  }

  succeeded(account: string, address: string): void {
    this.failures.delete(this.pair(account, address));
  }

  private pair(account: string, address: string): string {
    return createHmac('sha256', this.key)
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
