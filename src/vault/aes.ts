import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under a random nonce: nonce, ciphertext, tag. It opens only with the same `bound` text. */
export function encrypt(key: KeyObject, bound: string, plain: Uint8Array): Buffer {
  const nonce = random(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

const pool = Buffer.alloc(8192);
let drawn = pool.length;

/** Random bytes, drawn from the system for many at once: one call for each costs more than the encryption. */
export function random(length: number): Buffer {
  if (drawn + length > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const mine = pool.subarray(drawn, drawn + length);
  drawn += length;
  const bytes = Buffer.from(mine);
  mine.fill(0); // what was handed out is nowhere else
  return bytes;
}

/** @throws Error when the key or the bound text is another, or a bit was changed */
export function decrypt(key: KeyObject, bound: string, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE + TAG) throw new Error('not a sealed value: too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
}
