import { CODE_LASTS } from '../../registrations/candidate.decider.js';
import type { SessionKeys } from '../sessions/session-keys.js';
import { newResetCode, resetCodeHash } from './reset-codes.js';

/** A one-time code for a candidate's new password, as it is read out, with what is recorded of it: its keyed hash and until when (ISO 8601, UTC). */
export function newResetCodeFor(candidateId: string, keys: Pick<SessionKeys, 'reset'>, now: Date) {
  const text = newResetCode();
  return { text, keyed: resetCodeHash(keys.reset, candidateId, text), until: new Date(now.getTime() + CODE_LASTS).toISOString() };
}
