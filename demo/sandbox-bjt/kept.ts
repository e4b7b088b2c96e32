import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritOwner, makeFolder } from '../../src/kernel/file-owner.js';
import { jsonIn } from '../json-file.js';

/** A number of an RSA key, in base64url. */
const part = z.string();

const kept = z.object({
  /** Where it listened the last time. */
  port: z.number(),
  clientSecret: z.string(),
  cookieKey: z.string(),
  /** The private key that ID tokens are signed with, as a JWK. */
  key: z.object({ kty: z.literal('RSA'), n: part, e: part, d: part, p: part, q: part, dp: part, dq: part, qi: part }),
});

/** What the sandbox is known by, made once. */
export type Kept = z.infer<typeof kept>;

/** What is kept in a folder; made where there is nothing yet. */
export function keptIn(folder: string): Kept {
  makeFolder(folder);
  const file = fileIn(folder);
  return existsSync(file) ? jsonIn(file, kept) : made();
}

/** For its owner alone. */
export function keep(folder: string, what: Kept): void {
  const draft = `${fileIn(folder)}.new`;
  writeFileSync(draft, JSON.stringify(what), { mode: 0o600 });
  inheritOwner(draft);
  renameSync(draft, fileIn(folder));
}

function made(): Kept {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = () => randomBytes(32).toString('base64url');
  return { port: 0, clientSecret: secret(), cookieKey: secret(), key: kept.shape.key.parse(privateKey.export({ format: 'jwk' })) };
}

function fileIn(folder: string): string {
  return join(folder, 'kept.json');
}
