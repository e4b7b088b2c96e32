import { readFileSync } from 'node:fs';
import { BadSettings } from '../../settings/settings.js';
import { type PlatformKey, readKeys, UnfitKey } from './platform-signature.js';

/** One key, or two while keys are rotated; the first one signs. */
export type PlatformKeys = readonly [PlatformKey, ...PlatformKey[]];

/**
 * The keys in a file that a setting names.
 * @throws BadSettings when it cannot be read, or holds anything but one or two RSA keys of at least 2048 bits
 */
export function platformKeysFrom(setting: string, file: string, half: 'private' | 'public'): PlatformKeys {
  const [first, ...others] = fromSetting(setting, file, () => readKeys(readFileSync(file, 'utf8'), half));
  if (!first) throw new BadSettings(`${setting}: ${file} 中没有密钥`);
  return [first, ...others];
}

function fromSetting<T>(setting: string, file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof UnfitKey ? error.message : '无法读取';
    throw new BadSettings(`${setting}: ${file}: ${why}`, { cause: error });
  }
}
