import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';
import type { SignOnFailure } from './single-sign-on.js';

/**
 * Why a sign-in by 北京通 was rejected: the platform's failure, or level (below L3), unregistered (unknown number), name (the number's
 * candidate has another name), unconfirmed (not on site yet), closed (the account), updating (the number may not be read yet), unset (no
 * platform is configured).
 */
export const REJECTIONS = [
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

export type Rejection = (typeof REJECTIONS)[number];

/** Also: entered; again (the visitor has a session of the same person); choosing (one of several admission numbers is still to be chosen). */
export type SingleSignOnOutcome = 'entered' | 'again' | 'choosing' | Rejection | SignOnFailure;

@Injectable()
export class SingleSignOnOutcomes extends OutcomeCounter<SingleSignOnOutcome> {}
