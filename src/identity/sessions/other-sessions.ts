import { Injectable } from '@nestjs/common';
import type { Appended } from '../../event-store/append.js';
import type { KeptSession } from '../../registrations/registrations.events.js';
import type { Visitor } from '../../web/routes/visitor.js';
import { Accounts } from '../sign-in/accounts.js';
import { combined } from './combined-appends.js';
import { SessionEnder } from './session-ender.js';

/** Ends the other sessions of a person. */
@Injectable()
export class OtherSessions {
  constructor(
    private readonly accounts: Accounts,
    private readonly ender: SessionEnder,
  ) {}

  /**
   * Ends all sessions of a visitor but the current one, at all admission numbers of the person. Nothing is recorded where none is open.
   * @throws StillUpdating
   */
  async end(visitor: Visitor): Promise<Appended> {
    const keptSession = keptSessionOf(visitor);
    const ids = [...(await this.accounts.linkedIds(visitor.id)), visitor.id];
    const ended: Appended[] = [];
    for (const id of ids) ended.push(await this.ender.end(id, { keptSession, evenIfNone: false }));
    if (ended.some(({ recorded }) => recorded > 0)) {
      // the proof of identity behind a session that has just ended could begin another one at a number where none was open
      for (const [at, id] of ids.entries()) if (ended[at]?.recorded === 0) ended[at] = await this.ender.end(id, { keptSession, evenIfNone: true });
    }
    return combined(ended);
  }
}

/** The visitor's session as events describe it. */
export function keptSessionOf({ session, began }: Visitor): KeptSession {
  return { session, began: new Date(began).toISOString() };
}
