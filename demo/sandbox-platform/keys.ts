import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inheritOwner, makeFolder } from '../../src/kernel/file-owner.js';
import { type PlatformKeys, platformKeysFrom } from '../../src/payments/platform/platform-keys.js';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';

/** Key files, generated once: the centre's pair and the platform's. */
export interface SandboxKeys {
  /** PAYMENT_KEY_FILE. */
  readonly merchantFile: string;
  /** PAYMENT_PLATFORM_KEY_FILE. */
  readonly platformPublicFile: string;
  readonly merchantPublic: PlatformKeys;
  readonly platform: PlatformKeys;
}

/**
 * The keys in a folder. Missing ones are generated, readable by their owner alone. Private keys that somebody has put there are used as
 * they are, two in a file during a change of keys; the files of public keys are derived from them.
 */
export function sandboxKeys(folder: string): SandboxKeys {
  makeFolder(folder);
  const merchantFile = ownFile(folder, 'merchant');
  const platformFile = ownFile(folder, 'platform');
  return {
    merchantFile,
    platformPublicFile: publicFile(folder, 'platform'),
    merchantPublic: platformKeysFrom('merchant', publicFile(folder, 'merchant'), 'public'),
    platform: platformKeysFrom('platform', platformFile, 'private'),
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
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) write(file, text); // so that a full disk does no harm
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
