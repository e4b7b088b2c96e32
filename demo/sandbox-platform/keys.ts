import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inheritOwner, makeFolder } from '../../src/kernel/file-owner.js';
import { keysIn, type PlatformKeys } from '../../src/payments/platform/payment-keys.js';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';

/** Files of keys, made once: the centre's own pair and the platform's. */
export interface SandboxKeys {
  /** PAYMENT_KEY_FILE. */
  readonly merchantFile: string;
  /** PAYMENT_PLATFORM_KEY_FILE. */
  readonly platformPublicFile: string;
  readonly merchantPublic: PlatformKeys;
  readonly platform: PlatformKeys;
}

/**
 * The keys in a folder; what is missing is made, for its owner alone. Private keys that somebody has put there are taken as they
 * are, two in a file while they are changed; the files of public keys follow from them.
 */
export function sandboxKeys(folder: string): SandboxKeys {
  makeFolder(folder);
  const merchantFile = ownFile(folder, 'merchant');
  const platformFile = ownFile(folder, 'platform');
  return {
    merchantFile,
    platformPublicFile: publicFile(folder, 'platform'),
    merchantPublic: keysIn('merchant', publicFile(folder, 'merchant'), 'public'),
    platform: keysIn('platform', platformFile, 'private'),
  };
}

function ownFile(folder: string, whose: string): string {
  const file = resolve(folder, `${whose}.pem`);
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    write(file, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
  }
  return file;
}

function publicFile(folder: string, whose: string): string {
  const file = resolve(folder, `${whose}-public.pem`);
  const text = publicKeysOf(join(folder, `${whose}.pem`));
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) write(file, text); // a full disk need not be written to
  return file;
}

function publicKeysOf(file: string): string {
  const blocks = readFileSync(file, 'utf8').match(/-----BEGIN [\s\S]+?-----END [A-Z ]+-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('it holds no key');
    return blocks.map((block) => createPublicKey(block).export({ type: 'spki', format: 'pem' })).join('');
  } catch (error) {
    throw new DamagedFile(`${file} 已损坏（里面没有可用的密钥）：请移走它后再启动，会重新生成`, { cause: error });
  }
}

function write(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text, { mode: 0o600 });
  inheritOwner(draft);
  renameSync(draft, file);
}
