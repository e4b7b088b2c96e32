import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { candidate as candidates } from '../../../projections/candidate.js';
import { signIns } from '../../../projections/sign-ins.js';
import type { Appended } from '../../event-store/append.js';
import { givenAt } from '../../event-store/given.js';
import { namedId } from '../../event-store/named-id.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { waitForPosition } from '../../read-models/serving/wait-for-position.js';
import { RedeemReset } from '../../registrations/redeem-reset.command.js';
import type { ReplacePassword } from '../../registrations/replace-password.command.js';
import { Config } from '../../settings/settings.js';
import type { Visitor } from '../../web/visitor.js';
import { SignOutOthers } from '../sessions/sign-out-others.command.js';
import { Accounts } from '../sign-in/accounts.js';

/** The session that goes on, and since when (milliseconds) it is known whose it is. */
type GoesOn = Pick<Visitor, 'session' | 'began'>;

/** How long a read model may take to show the new password, in milliseconds. */
const PATIENCE = 3_000;

/** Sets new passwords, at all admission numbers of the person, and with the old ones ends all that was entered by them. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly commands: CommandBus,
    private readonly accounts: Accounts,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  /**
   * Sessions end last, once nobody can enter by the old password any more.
   * @param but the session that goes on
   * @throws Refusal of the command, StillUpdating
   */
  async set(command: ReplacePassword | RedeemReset, but?: GoesOn): Promise<Appended> {
    const { given, candidateId, hash } = command;
    const others = await this.accounts.sharing(candidateId); // first: where they cannot be told, nothing is set
    const set = await this.commands.execute(command);
    let { position } = set;
    if (set.recorded > 0) {
      for (const other of others) {
        const id = namedId(`${given.id} ${other}`);
        const also = await this.commands.execute(new RedeemReset({ ...given, id }, other, { way: 'other_number' }, hash));
        if (also.position > position) ({ position } = also);
      }
    }
    await waitForPosition(this.readModels, [candidates], position, PATIENCE);
    for (const id of [candidateId, ...others]) await this.end(id, but);
    return { ...set, position };
  }

  /**
   * At all admission numbers of the person. Where no session is open at any of them nothing is recorded.
   * @param but the session that goes on
   * @throws StillUpdating
   */
  async endSessions(candidateId: string, but?: GoesOn): Promise<Appended> {
    const ids = [...(await this.accounts.sharing(candidateId)), candidateId];
    const ended: Appended[] = [];
    for (const id of ids) ended.push(await this.end(id, but, false));
    if (ended.some(({ recorded }) => recorded > 0)) {
      // by what was shown for a session that has just ended, another could begin at a number where none was open
      for (const [at, id] of ids.entries()) if (ended[at]?.recorded === 0) ended[at] = await this.end(id, but);
    }
    return ended.reduce((one, other) => ({ position: other.position > one.position ? other.position : one.position, recorded: one.recorded + other.recorded }));
  }

  private async end(candidateId: string, but: GoesOn | undefined, evenIfNone = true): Promise<Appended> {
    const now = this.clock.now().getTime();
    const longest = this.config.settings.SESSION_MAX;
    const [since, at, until] = [now - longest, now, now + longest].map((moment) => new Date(moment).toISOString()) as [string, string, string];
    const spared = but && new Date(but.began).toISOString();
    const ahead = await this.ahead(candidateId, now);
    return this.commands.execute(new SignOutOthers(givenAt(at), candidateId, since, until, but?.session, spared, evenIfNone, ahead));
  }

  /** Months in which sessions began by a clock that was set back since: the next, which is looked at in any case, and those that are read. */
  private async ahead(candidateId: string, now: number): Promise<readonly string[]> {
    const { open } = await this.readModels.get(signIns, candidateId);
    const next = new Date(now);
    next.setUTCMonth(next.getUTCMonth() + 1, 1);
    return [next.toISOString(), ...open.map(({ at }) => at).filter((at) => Date.parse(at) > now)];
  }
}
