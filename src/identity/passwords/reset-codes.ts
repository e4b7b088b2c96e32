import { createHmac, type KeyObject, randomInt } from 'node:crypto';
import { normalisedNumber } from '../../vault/numbers.js';

/** Without those that are easily confused: 0 O, 1 I L, 5 S, 2 Z, 8 B, U V. */
const CHARACTERS = '34679ACDEFGHJKMNPQRTWXY';
/** 45 bits: with a guess every 20 seconds for a day, the chance is one in 8,000,000,000. */
const LENGTH = 10;

/** A one-time code for a new password, in two halves, as it is read out. */
export function newResetCode(): string {
  const code = Array.from({ length: LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('');
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** The HMAC of a candidate's code in base64url, however the code was typed. Only this is stored. */
export function resetCodeHash(key: KeyObject, candidateId: string, code: string): string {
  return createHmac('sha256', key)
    .update(`${candidateId}\n${normalisedNumber(code.slice(0, 100))}`)
    .digest('base64url');
}
