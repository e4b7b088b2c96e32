import { newResetCode } from '../../identity/passwords/reset-codes.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Safe } from '../../vault/vault.js';
import { SETUP_CODE_LASTS } from './officer.decider.js';
import type { SetupCode } from './officers.events.js';

/** A code that sets the password of an account once, as it is read out, and until when (ISO 8601, UTC). */
export interface NewSetupCode {
  readonly text: string;
  readonly until: string;
}

export function newSetupCode(now: Date): NewSetupCode {
  return { text: newResetCode(), until: new Date(now.getTime() + SETUP_CODE_LASTS).toISOString() };
}

const RECOVERY_CODES = 10;

/** Codes that stand in for the second factor, each once. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, newResetCode);
}

/** What is recorded of it. */
export function recordedCode(safe: Safe, { text, until }: NewSetupCode): SetupCode {
  return { code: codeDigest(safe, text), until };
}

/** The digest of a one-time code by the officer's key, however the code was typed. */
export function codeDigest(safe: Safe, typed: string): string {
  return safe.digest(normalisedNumber(typed.slice(0, 100)));
}
