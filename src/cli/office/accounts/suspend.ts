import { givenAt } from '../../../event-store/given.js';
import { ReinstateOfficer } from '../../../office/officers/reinstate-officer.command.js';
import { SuspendOfficer } from '../../../office/officers/suspend-officer.command.js';
import type { CommandResult, Context } from '../../program/command.js';
import { asHost } from './as-host.js';

interface SuspendGiven {
  readonly name: string;
  readonly lift: boolean;
  readonly reason: string;
}

/** `office suspend NAME`: nobody signs in by an account any more, or with `--lift` somebody does again. */
export function runSuspend({ name, lift, reason }: SuspendGiven, { settings, out }: Context): Promise<CommandResult> {
  return asHost(settings, reason, async ({ commands, clock }) => {
    const given = givenAt(clock.instant());
    const { recorded } = await commands.execute(lift ? new ReinstateOfficer(given, name) : new SuspendOfficer(given, name));
    const changed = recorded > 0;
    out.done(`${changed ? '已' : '以前已经'}${lift ? '恢复' : '停用'}账号：${name}`);
    return { json: { account: name, suspended: !lift, changed } };
  });
}
