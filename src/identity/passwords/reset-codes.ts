import { createHmac, type KeyObject, randomInt } from 'node:crypto';
import { normalisedNumber } from '../../vault/numbers.js';

/** Without those that are taken for one another: 0 O, 1 I L, 5 S, 2 Z, 8 B, U V. */
const CHARACTERS = '34679ACDEFGHJKMNPQRTWXY';
/** 45 bits: at a guess in 20 seconds for a day, one in 8,000,000,000 is hit. */
const LENGTH = 10;

/** A new one-time code for a new password, as it is read out: two halves. */
export function newResetCode(): string {
  const code = Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** What is kept of a candidate's code, as anybody writes it: its HMAC, in base64url. */
export function keyedCode(key: KeyObject, candidateId: string, code: string): string {
  return createHmac('sha256', key)
    .update(`${candidateId}\n${normalisedNumber(code.slice(0, 100))}`)
    .digest('base64url');
}
