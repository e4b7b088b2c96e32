import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inheritOwner, makeFolder } from '../../src/kernel/file-owner.js';
import { readJson } from '../json-file.js';

/** A component of an RSA key, in base64url. */
const part = z.string();

const stateSchema = z.object({
  /** The port of the last time. */
  port: z.number(),
  clientSecret: z.string(),
  cookieKey: z.string(),
  /** The private key that ID tokens are signed with, as a JWK. */
  key: z.object({ kty: z.literal('RSA'), n: part, e: part, d: part, p: part, q: part, dp: part, dq: part, qi: part }),
});

/** The sandbox's stored port and secrets, generated once. */
export type SandboxState = z.infer<typeof stateSchema>;

/** The state stored in a folder, or a new one. */
export function sandboxStateIn(folder: string): SandboxState {
  makeFolder(folder);
  const file = fileIn(folder);
  return existsSync(file) ? readJson(file, stateSchema) : newState();
}

/** Readable by its owner alone. */
export function saveSandboxState(folder: string, state: SandboxState): void {
  const draft = `${fileIn(folder)}.new`;
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  inheritOwner(draft);
  renameSync(draft, fileIn(folder));
}

function newState(): SandboxState {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = () => randomBytes(32).toString('base64url');
  return { port: 0, clientSecret: secret(), cookieKey: secret(), key: stateSchema.shape.key.parse(privateKey.export({ format: 'jwk' })) };
}

function fileIn(folder: string): string {
  return join(folder, 'kept.json');
}
