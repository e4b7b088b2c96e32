import { generateKeyPairSync } from 'node:crypto';
import type { PlatformKeys } from '../../../src/payments/platform/platform-keys.js';
import { readKeys } from '../../../src/payments/platform/platform-signature.js';

interface KeyPair {
  readonly own: PlatformKeys;
  readonly known: PlatformKeys;
  readonly privatePem: string;
  readonly publicPem: string;
}

const made = new Map<string, KeyPair>();

/** The pair of keys of somebody; the same one again for the same name. */
export function keyPair(whose: string): KeyPair {
  const pair = made.get(whose) ?? newPair();
  made.set(whose, pair);
  return pair;
}

function newPair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privatePem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const publicPem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const [own] = readKeys(privatePem, 'private');
  const [known] = readKeys(publicPem, 'public');
  if (!own || !known) throw new Error('a new pair of keys cannot be read');
  return { own: [own], known: [known], privatePem, publicPem };
}
