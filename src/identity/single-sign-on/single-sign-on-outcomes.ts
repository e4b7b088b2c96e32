import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import type { SignOnFailure } from './single-sign-on.js';

/**
 * Why nobody entered who came from 北京通: what the platform failed with, or level (below L3), unregistered (nobody has the
 * number), name (somebody has, by another name), unconfirmed (not yet on site), closed (the account is), updating (nobody has the number yet, as far as could be read), unset (no platform is).
 */
export const TURNED_BACK = [
  'denied',
  'stale',
  'unavailable',
  'nonsense',
  'level',
  'unregistered',
  'name',
  'unconfirmed',
  'closed',
  'updating',
  'unset',
] as const;

export type TurnedBack = (typeof TURNED_BACK)[number];

/** Also: entered; again (who has a session already is the same person); choosing (one of several admission numbers is still to be chosen). */
export type SingleSignOnOutcome = 'entered' | 'again' | 'choosing' | TurnedBack | SignOnFailure;

@Injectable()
export class SingleSignOnOutcomes extends OutcomeCounter<SingleSignOnOutcome> {}
