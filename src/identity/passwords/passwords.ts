import { availableParallelism } from 'node:os';
import type { OnModuleInit } from '@nestjs/common';
import { webProcessCount } from '../../processes/fork.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { HashingQueue } from './hashing-queue.js';
import { hashPassword, isStrong, matches } from './password-hash.js';

/** Longer than any password can be: such input is not hashed. */
const MAX_TYPED = 1_000;
/** Default size of libuv's thread pool: hashing must leave a thread to files and compression. */
const DEFAULT_POOL_SIZE = 4;
/** Checks that may wait for each that runs: about three seconds' worth. */
const WAITING_PER_RUNNING = 250;

/**
 * Milliseconds after which a failure is answered, at the earliest. It is longer than any check takes, of one number or several, of new
 * hashes or old ones, so that the time tells nothing about the account.
 */
export const FAILURE_RESPONSE_TIME = 700;

/** `outdated`: right, and its hash is to be replaced by a stronger one. */
export type PasswordCheck = 'wrong' | 'right' | 'outdated';

/** Checks passwords against their hashes, on half of the cores; more than these can do in time is refused. */
export class Passwords implements OnModuleInit {
  private readonly queue = new HashingQueue(checksAtOnce(), checksAtOnce() * WAITING_PER_RUNNING);
  private dummyHash: PasswordHash = '';

  /** Checks that are running or waiting. */
  get pending(): number {
    return this.queue.pending;
  }

  /** Whether a check would start at once. */
  get idle(): boolean {
    return this.queue.idle;
  }

  /** Made at the start, because otherwise the first check against it would take longer. */
  async onModuleInit(): Promise<void> {
    this.dummyHash = await hashPassword('');
  }

  /** @throws TooBusy when a check would be refused */
  assertRoom(): void {
    this.queue.assertRoom();
  }

  /** As hashPassword, through the queue. @throws TooBusy */
  hash(password: string): Promise<PasswordHash> {
    return this.queue.run(() => hashPassword(password));
  }

  /**
   * Whether this is the account's password. Without a hash (no such account, no password yet) it answers after the same work, so that
   * neither the answer nor its time tells whether there is such an account.
   * @throws TooBusy
   */
  async verify(kept: PasswordHash | undefined, typed: string): Promise<PasswordCheck> {
    if (kept === undefined || typed.length > MAX_TYPED) {
      await this.verifyDummy(typed);
      return 'wrong';
    }
    for (const [at, form] of formsOf(typed).entries()) {
      if (await this.queue.run(() => matches(kept, form))) return at === 0 && isStrong(kept) ? 'right' : 'outdated';
    }
    return 'wrong';
  }

  /** As much work as a check, for an account that does not exist. @throws TooBusy */
  async verifyDummy(typed: string): Promise<void> {
    for (const form of formsOf(typed.slice(0, MAX_TYPED))) await this.queue.run(() => matches(this.dummyHash, form));
  }
}

/** Half of the machine's cores, shared among the web processes, and one thread fewer than the pool has. */
function checksAtOnce(): number {
  const pool = Number(process.env.UV_THREADPOOL_SIZE) || DEFAULT_POOL_SIZE;
  return Math.max(1, Math.min(Math.floor(availableParallelism() / 2 / webProcessCount()), pool - 1));
}

/** The NFKC form, and the typed form where it differs: older hashes were made of that. */
function formsOf(typed: string): readonly string[] {
  const form = typed.normalize('NFKC');
  return form === typed ? [form] : [form, typed];
}
