import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** Encrypts by AES-256-GCM with a random nonce; the result is nonce, ciphertext, tag. @param bound additional authenticated data: decryption needs the same */
export function encrypt(key: KeyObject, bound: string, plain: Uint8Array): Buffer {
  const nonce = pooledRandomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const pool = Buffer.alloc(8192);
let drawn = pool.length;

/** Random bytes from a pool: a system call for each nonce would cost more than the encryption. */
export function pooledRandomBytes(length: number): Buffer {
  if (drawn + length > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const taken = pool.subarray(drawn, drawn + length);
  drawn += length;
  const bytes = Buffer.from(taken);
  taken.fill(0); // so that keys do not stay in the pool
  return bytes;
}

/** @throws Error when the key or `bound` differs, or the data was changed */
export function decrypt(key: KeyObject, bound: string, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE + TAG) throw new Error('not a sealed value: too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
}
