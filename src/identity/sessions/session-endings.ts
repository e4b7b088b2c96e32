import { Injectable } from '@nestjs/common';
import { signIns } from '../../../projections/sign-ins.js';
import type { Appended } from '../../event-store/append.js';
import { EventStore } from '../../event-store/event-store.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import type { KeptSession } from '../../registrations/registrations.events.js';
import { Config } from '../../settings/settings.js';
import type { Visitor } from '../../web/routes/visitor.js';
import { Accounts } from '../sign-in/accounts.js';
import { SignOutOthers, SignOutOthersHandler } from './sign-out-others.command.js';

/** Which sessions end. */
interface Ending {
  /** But for the one that goes on. */
  readonly keptSession?: KeptSession | undefined;
  /** Because this password was set: those that were entered by it go on. */
  readonly password?: string;
  /** That what was shown before lets nobody in any more, though no session is open. */
  readonly evenIfNone: boolean;
}

/** Ends a candidate's sessions, in whatever month they began. */
export class SessionEnding {
  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** @param id of the command, where a repeat is to be known by it */
  async end(candidateId: string, { keptSession, password, evenIfNone }: Ending, id?: string): Promise<Appended> {
    const now = this.clock.now().getTime();
    const longest = this.config.settings.SESSION_MAX;
    const [since, at, until] = [now - longest, now, now + longest].map((moment) => new Date(moment).toISOString()) as [string, string, string];
    const ahead = await this.ahead(candidateId, now);
    const command = new SignOutOthers(givenAt(at, id), candidateId, since, until, keptSession?.session, keptSession?.began, evenIfNone, ahead, password);
    return new SignOutOthersHandler(this.events).execute(command);
  }

  /** Months in which sessions began by a clock that was set back since: the next, which is looked at in any case, and those that are read. */
  private async ahead(candidateId: string, now: number): Promise<readonly string[]> {
    const { open } = await this.readModels.get(signIns, candidateId);
    const next = new Date(now);
    next.setUTCMonth(next.getUTCMonth() + 1, 1);
    return [next.toISOString(), ...open.map(({ at }) => at).filter((at) => Date.parse(at) > now)];
  }
}

/** Ends the other sessions of a person. */
@Injectable()
export class SessionEndings {
  private readonly ending: SessionEnding;

  constructor(
    private readonly accounts: Accounts,
    events: EventStore,
    readModels: ReadModels,
    clock: Clock,
    config: Config,
  ) {
    this.ending = new SessionEnding(events, readModels, clock, config);
  }

  /**
   * All others of a visitor, at all admission numbers of the person. Where no session is open at any of them nothing is recorded.
   * @throws StillUpdating
   */
  async endOthers(visitor: Visitor): Promise<Appended> {
    const keptSession = keptSessionOf(visitor);
    const ids = [...(await this.accounts.sharing(visitor.id)), visitor.id];
    const ended: Appended[] = [];
    for (const id of ids) ended.push(await this.ending.end(id, { keptSession, evenIfNone: false }));
    if (ended.some(({ recorded }) => recorded > 0)) {
      // by what was shown for a session that has just ended, another could begin at a number where none was open
      for (const [at, id] of ids.entries()) if (ended[at]?.recorded === 0) ended[at] = await this.ending.end(id, { keptSession, evenIfNone: true });
    }
    return inAll(ended);
  }
}

/** The visitor's session, as events say it. */
export function keptSessionOf({ session, began }: Visitor): KeptSession {
  return { session, began: new Date(began).toISOString() };
}

/** Where the log came to, and how much was recorded. */
export function inAll(done: readonly Appended[]): Appended {
  return done.reduce((one, other) => ({ position: other.position > one.position ? other.position : one.position, recorded: one.recorded + other.recorded }));
}
