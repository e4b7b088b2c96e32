import { availableParallelism } from 'node:os';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { webProcessCount } from '../../processes/fork.js';
import type { PasswordHash } from '../../registrations/registrations.events.js';
import { HashingQueue } from './hashing-queue.js';

/** argon2id (the library's default) by the first of OWASP's settings of like strength: 19 MiB, two rounds, one lane. About 10 ms of a core. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;
/** Longer ones are nobody's password, and hashing them would be work for nothing. */
const LONGEST = 1_000;
/** Threads of libuv's pool where nothing else is said: hashing must leave one to files and compression. */
const POOL = 4;
/** How many may wait for each that is at work: about three seconds' worth. */
const MOST_WAITING = 250;

/**
 * Milliseconds after which what was wrong is answered, at the earliest: longer than a check takes, be it of one number or of several,
 * of our hashes or of older ones, so that the time tells nothing of the account.
 */
export const WRONG_AFTER = 700;

/** wrong; right; or right, and to be kept by a better hash from now on. */
export type Verdict = 'wrong' | 'right' | 'outdated';

/**
 * The hash of a new password, in PHC form. Hashed is its NFKC form: keyboards write the same characters in different ways
 * (NIST SP 800-63B, 3.1.1.2). Works on a thread of the pool.
 */
export function hashPassword(password: string): Promise<PasswordHash> {
  return hash(password.normalize('NFKC'), ARGON2ID);
}

/** Checks passwords against what is kept of them. Half of the cores work at that, and what is more than they can do in time is refused. */
@Injectable()
export class Passwords implements OnModuleInit {
  private readonly queue = new HashingQueue(checksAtATime(), checksAtATime() * MOST_WAITING);
  private nothing: PasswordHash = '';

  /** Checks begun and not answered yet, those that wait included. */
  get inHand(): number {
    return this.queue.inHand;
  }

  /** That nobody waits for what is asked for now. */
  get idle(): boolean {
    return this.queue.idle;
  }

  /** What there is to check where there is no password; made beforehand, or the first check of it would take longer. */
  async onModuleInit(): Promise<void> {
    this.nothing = await hashPassword('');
  }

  /** @throws TooBusy, so that nothing else is begun either */
  assertRoom(): void {
    this.queue.assertRoom();
  }

  /** As hashPassword, in its turn. @throws TooBusy */
  hash(password: string): Promise<PasswordHash> {
    return this.queue.run(() => hashPassword(password));
  }

  /**
   * Whether this is the account's password. Without a hash (no such account, none set yet) it is not, after as much
   * work as a check takes: neither the answer nor its time tells whether there is such an account.
   * @throws TooBusy
   */
  async verify(kept: PasswordHash | undefined, typed: string): Promise<Verdict> {
    if (kept === undefined || typed.length > LONGEST) {
      await this.verifyNothing(typed);
      return 'wrong';
    }
    for (const [at, form] of formsOf(typed).entries()) {
      if (await this.queue.run(() => matches(kept, form))) return at === 0 && isStrong(kept) ? 'right' : 'outdated';
    }
    return 'wrong';
  }

  /** As much work as checking a password, for an answer that is known: no. @throws TooBusy */
  async verifyNothing(typed: string): Promise<void> {
    for (const form of formsOf(typed.slice(0, LONGEST))) await this.queue.run(() => matches(this.nothing, form));
  }
}

/** Half of the cores of the machine, shared among the web processes; and as many as the pool of threads has room for. */
function checksAtATime(): number {
  const pool = Number(process.env.UV_THREADPOOL_SIZE) || POOL;
  return Math.max(1, Math.min(Math.floor(availableParallelism() / 2 / webProcessCount()), pool - 1));
}

/** As it is hashed; and as it was typed, where that is not the same: hashes of before were made of that. */
function formsOf(typed: string): readonly string[] {
  const form = typed.normalize('NFKC');
  return form === typed ? [form] : [form, typed];
}

function matches(kept: PasswordHash, password: string): Promise<boolean> {
  return kept.startsWith('$argon2id$') ? verify(kept, password) : verifyBcrypt(password, kept);
}

/** Whether guessing at this hash costs as much as at a new one. */
function isStrong(kept: PasswordHash): boolean {
  const [, memory = '0', rounds = '0'] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(kept) ?? [];
  return Number(memory) * Number(rounds) >= ARGON2ID.memoryCost * ARGON2ID.timeCost;
}
