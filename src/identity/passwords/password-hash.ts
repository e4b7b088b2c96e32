import { hash, type Options, verify } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import type { PasswordHash } from '../../registrations/registrations.events.js';

/** argon2id, the library's default, with OWASP's setting of 19 MiB, two iterations and one lane: about 10 ms of a core. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;

/**
 * The hash of a new password, in PHC form. Its NFKC form is hashed, because keyboards write the same characters in different ways
 * (NIST SP 800-63B, 3.1.1.2). Runs on a thread of the pool.
 */
export function hashPassword(password: string): Promise<PasswordHash> {
  return hash(password.normalize('NFKC'), ARGON2ID);
}

/** Whether this is the password of the hash. Runs on a thread of the pool. */
export function matches(kept: PasswordHash, password: string): Promise<boolean> {
  return kept.startsWith('$argon2id$') ? verify(kept, password) : verifyBcrypt(password, kept);
}

/** Whether guessing this hash costs as much as guessing a new one. */
export function isStrong(kept: PasswordHash): boolean {
  const [, memory = '0', rounds = '0'] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(kept) ?? [];
  return Number(memory) * Number(rounds) >= ARGON2ID.memoryCost * ARGON2ID.timeCost;
}
