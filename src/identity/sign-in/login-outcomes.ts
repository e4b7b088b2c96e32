import { Injectable } from '@nestjs/common';
import { OutcomeCounter } from '../../kernel/outcome-counter.js';

/**
 * What an attempt to log in came to: entered; choosing (one of several admission numbers is still to be chosen); wrong
 * (number or password); delayed (too many failures before of this pair of number and address; delayed_account: of the number,
 * delayed_address: of the address); busy (too many passwords to check); incomplete (a field was empty); closed (the account is);
 * expired (the choice came too late);
 * overtaken (the password was changed meanwhile); too_often (a great many sessions began within an hour); updating (nobody has the number yet, as far as could be read).
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
