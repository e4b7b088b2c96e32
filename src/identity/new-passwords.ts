import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { v7 as newId } from 'uuid';
import { candidate as candidates } from '../../projections/candidate.js';
import { Clock } from '../clock.js';
import { Config } from '../config.js';
import type { Appended } from '../event-store/append.js';
import { waitFor } from '../read-models/own-write.js';
import { ReadModels } from '../read-models/read-models.js';
import type { RedeemReset } from '../registrations/redeem-reset.command.js';
import type { ReplacePassword } from '../registrations/replace-password.command.js';
import { SignOutOthers } from './sign-out-others.command.js';

/** How long a read model may take to show the new password, in milliseconds. */
const PATIENCE = 3_000;

/** Sets new passwords, and with the old one ends all that was entered by it. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * Sessions end last, once nobody can enter by the old password any more.
   * @param but the session that goes on
   * @throws Refusal of the command
   */
  async set(command: ReplacePassword | RedeemReset, but?: string): Promise<Appended> {
    const set = await this.commands.execute(command);
    await waitFor(this.readModels, [candidates], set.position, PATIENCE);
    await this.endSessions(command.candidateId, but);
    return set;
  }

  /** @param but the session that goes on */
  endSessions(candidateId: string, but?: string): Promise<Appended> {
    const now = this.clock.now().getTime();
    const longest = this.config.settings.SESSION_MAX;
    const [since, at, until] = [now - longest, now, now + longest].map((moment) => new Date(moment).toISOString()) as [string, string, string];
    return this.commands.execute(new SignOutOthers({ id: newId(), at }, candidateId, since, until, but));
  }
}
