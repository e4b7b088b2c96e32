import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, type Options, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import type { PasswordHash } from '../registrations/registrations.events.js';

/** argon2id (the library's default) by the first of OWASP's settings of like strength: 19 MiB, two rounds, one lane. About 10 ms of a core. */
const ARGON2ID: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Longer ones are nobody's password, and hashing them would be work for nothing. */
const LONGEST = 1_000;

/** The hash of a new password, in PHC form. Works on a thread of the pool. */
export function hashPassword(password: string): Promise<PasswordHash> {
  return hash(password, ARGON2ID);
}

/** Checks passwords against what is kept of them. */
@Injectable()
export class Passwords implements OnModuleInit {
  private nothing: PasswordHash = '';
  private checks = 0;

  /** Checks begun and not answered yet: as many as there are threads in the pool are at work, the others wait. */
  get inHand(): number {
    return this.checks;
  }

  /** What there is to check where there is no password; made beforehand, or the first check of it would take longer. */
  async onModuleInit(): Promise<void> {
    this.nothing = await hashPassword('');
  }

  /**
   * Whether this is the account's password. Without a hash (no such account, none set yet) it is not, after as much
   * work as a check takes: neither the answer nor its time tells whether there is such an account.
   */
  async verify(kept: PasswordHash | undefined, password: string): Promise<boolean> {
    if (kept === undefined || password.length > LONGEST) return this.verifyNothing(password);
    return this.counted(kept.startsWith('$argon2id$') ? verify(kept, password) : verifyBcrypt(password, kept));
  }

  /** As much work as checking a password, for an answer that is known: no. */
  async verifyNothing(password: string): Promise<false> {
    await this.counted(verify(this.nothing, password.slice(0, LONGEST)));
    return false;
  }

  private async counted(check: Promise<boolean>): Promise<boolean> {
    this.checks += 1;
    try {
      return await check;
    } finally {
      this.checks -= 1;
    }
  }
}
