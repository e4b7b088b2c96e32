import { createSecretKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import type { SessionClaims } from '../src/identity/sessions/session.strategy.js';
import { SqliteVault } from '../src/vault/sqlite/vault.js';
import { admissionNo } from '../test/imports/batch.js';

/** Secrets of benchmarks alone. */
export const SESSION_SECRET = 'signs the sessions of benchmarks alone';
export const MASTER_KEY = Buffer.alloc(32, 1).toString('base64');

/** The ids of a synthetic batch's candidates. */
export async function candidateIds(dataDir: string, candidates: number): Promise<readonly string[]> {
  const vault = new SqliteVault(join(dataDir, 'vault.sqlite'), Buffer.from(MASTER_KEY, 'base64'));
  try {
    const ids = await vault.find(Array.from({ length: candidates }, (_, at) => admissionNo(at)));
    return ids.map((id) => {
      if (id === undefined) throw new Error('a candidate of the batch was not recorded');
      return id;
    });
  } finally {
    await vault.close();
  }
}

/** For each candidate the cookie of a new session, as the login page sets it. */
export function sessionsOf(ids: readonly string[]): readonly string[] {
  const key = createSecretKey(Buffer.from(SESSION_SECRET));
  const now = Math.floor(Date.now() / 1_000);
  return ids.map((sub) => {
    const claims: SessionClaims = { sub, sid: randomUUID(), began: now, iat: now, exp: now + 7_200 };
    return `session=${jwt.sign(claims, key, { algorithm: 'HS256' })}`;
  });
}
