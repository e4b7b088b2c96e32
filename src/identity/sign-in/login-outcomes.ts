import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';

/**
 * The outcome of an attempt to log in: entered; choosing (one of several admission numbers is still to be chosen); wrong (number or
 * password); delayed (too many failures of this pair of number and address; delayed_account: of the number; delayed_address: of the
 * address); busy (too many passwords to check); incomplete (an empty field); closed (the account); expired (the choice came too late);
 * overtaken (the password was changed meanwhile); too_often (too many sessions within an hour); updating (the number may not be read yet).
 */
export type LoginOutcome =
  | 'entered'
  | 'choosing'
  | 'wrong'
  | 'delayed'
  | 'delayed_account'
  | 'delayed_address'
  | 'busy'
  | 'incomplete'
  | 'closed'
  | 'expired'
  | 'overtaken'
  | 'too_often'
  | 'updating';

@Injectable()
export class LoginOutcomes extends OutcomeCounter<LoginOutcome> {}
