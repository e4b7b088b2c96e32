import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { RESTORE } from '../sqlite/remedies.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { decrypt, encrypt } from './aes.js';
import type { Safe, Sealed } from './vault.js';

/**
 * The safe of a candidate whose key is known. Use it for one piece of work and do not cache it: a cached one would still open values
 * after the candidate was forgotten.
 */
export class OpenSafe implements Safe {
  private readonly key: KeyObject;
  private digestKey: KeyObject | undefined;

  constructor(
    readonly id: string,
    key: Uint8Array,
  ) {
    this.key = createSecretKey(key);
  }

  seal<T>(value: T): Sealed<T> {
    return encrypt(this.key, this.id, Buffer.from(JSON.stringify(value))).toString('base64url') as Sealed<T>;
  }

  open<T>(sealed: Sealed<T>): T {
    try {
      return JSON.parse(decrypt(this.key, this.id, Buffer.from(sealed, 'base64url')).toString()) as T;
    } catch (error) {
      throw new DamagedFile(`日志或密钥库（vault）已损坏（${this.id} 的一项资料打不开）：${RESTORE}`, { cause: error });
    }
  }

  sealBytes(bytes: Uint8Array): Uint8Array {
    return encrypt(this.key, this.id, bytes);
  }

  openBytes(sealed: Uint8Array): Uint8Array {
    return decrypt(this.key, this.id, sealed);
  }

  digest(value: unknown): string {
    this.digestKey ??= createSecretKey(new Uint8Array(hkdfSync('sha256', this.key, '', 'personal-centre digest', 32)));
    return createHmac('sha256', this.digestKey).update(JSON.stringify(value)).digest('base64url');
  }
}

/** The safe of somebody who was forgotten or has no key: sealing throws, and opening returns undefined. */
export class ForgottenSafe implements Safe {
  constructor(readonly id: string) {}

  seal(): never {
    throw new Error(`nothing can be sealed for ${this.id}: forgotten, or without a key`);
  }

  sealBytes(): never {
    return this.seal();
  }

  digest(): never {
    throw new Error(`nothing can be digested for ${this.id}: forgotten, or without a key`);
  }

  open(): undefined {
    return undefined;
  }

  openBytes(): undefined {
    return undefined;
  }
}
