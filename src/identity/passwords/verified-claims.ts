import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { z } from 'zod';

/**
 * The claims of a token of ours; undefined for an invalid or expired one. jsonwebtoken throws errors of any class at malformed tokens.
 * @param now seconds since the epoch
 */
export function verifiedClaims<Claims>(schema: z.ZodType<Claims>, token: string, key: KeyObject, now: number): Claims | undefined {
  try {
    return schema.safeParse(jwt.verify(token, key, { algorithms: ['HS256'], clockTimestamp: now })).data;
  } catch {
    return undefined;
  }
}
