import { Injectable } from '@nestjs/common';

/**
 * What an attempt to log in came to: entered; choosing (one of several admission numbers is still to be chosen); wrong
 * (number or password); delayed (too many failures before); incomplete (a field was empty); closed (the account is);
 * expired (the choice came too late).
 */
export type LoginOutcome = 'entered' | 'choosing' | 'wrong' | 'delayed' | 'incomplete' | 'closed' | 'expired';

/** How often this process has seen each. */
@Injectable()
export class LoginOutcomes {
  private readonly times = new Map<LoginOutcome, number>();

  count(outcome: LoginOutcome): void {
    this.times.set(outcome, (this.times.get(outcome) ?? 0) + 1);
  }

  counted(): ReadonlyMap<LoginOutcome, number> {
    return this.times;
  }
}
