import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { z } from 'zod';

/**
 * What a token of ours claims; undefined for whatever else a client may have sent in its place: one of another key, one that has
 * expired, or what is no token at all, at which jsonwebtoken throws errors of any class.
 * @param now seconds since the epoch
 */
export function signedClaims<Claims>(schema: z.ZodType<Claims>, token: string, key: KeyObject, now: number): Claims | undefined {
  try {
    return schema.safeParse(jwt.verify(token, key, { algorithms: ['HS256'], clockTimestamp: now })).data;
  } catch {
    return undefined;
  }
}
