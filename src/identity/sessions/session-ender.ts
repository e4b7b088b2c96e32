import { signIns } from '../../../projections/sign-ins.js';
import type { Appended } from '../../event-store/append.js';
import type { EventStore } from '../../event-store/event-store.js';
import { givenAt } from '../../event-store/given.js';
import type { Clock } from '../../kernel/clock.js';
import type { ReadModels } from '../../read-models/read-models.js';
import type { KeptSession } from '../../registrations/registrations.events.js';
import type { Config } from '../../settings/settings.js';
import { SignOutOthers, SignOutOthersHandler } from './sign-out-others.command.js';

/** Which sessions end. */
interface Ending {
  /** The session that goes on. */
  readonly keptSession?: KeptSession | undefined;
  /** The event by which a password was set: sessions that were begun with it go on. */
  readonly password?: string;
  /** Whether earlier proofs of identity become void even if no session is open. */
  readonly evenIfNone: boolean;
}

/** Ends a candidate's sessions, in whatever month they began. */
export class SessionEnder {
  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /** @param id of the command, so that a repeat is recognised */
  async end(candidateId: string, { keptSession, password, evenIfNone }: Ending, id?: string): Promise<Appended> {
    const now = this.clock.now().getTime();
    const longest = this.config.settings.SESSION_MAX;
    const [since, at, until] = [now - longest, now, now + longest].map((moment) => new Date(moment).toISOString()) as [string, string, string];
    const ahead = await this.ahead(candidateId, now);
    const command = new SignOutOthers(givenAt(at, id), candidateId, since, until, keptSession?.session, keptSession?.began, evenIfNone, ahead, password);
    return new SignOutOthersHandler(this.events).execute(command);
  }

  /** When sessions may have begun by a clock that was ahead and has been set back since: in the next month, and as the read model says. */
  private async ahead(candidateId: string, now: number): Promise<readonly string[]> {
    const { open } = await this.readModels.get(signIns, candidateId);
    const next = new Date(now);
    next.setUTCMonth(next.getUTCMonth() + 1, 1);
    return [next.toISOString(), ...open.map(({ at }) => at).filter((at) => Date.parse(at) > now)];
  }
}
