import { givenAt } from '../../../event-store/given.js';
import { newSetupCode } from '../../../office/officers/one-time-codes.js';
import { ResetOfficer } from '../../../office/officers/reset-officer.command.js';
import type { CommandResult, Context } from '../../program/command.js';
import { asHost } from './as-host.js';
import { shownCode } from './shown-code.js';

interface ResetGiven {
  readonly name: string;
  readonly reason: string;
}

/** `office reset-factor NAME`: begins an account anew, the way back when its factors are lost. */
export function runResetFactor({ name, reason }: ResetGiven, { settings, out }: Context): Promise<CommandResult> {
  return asHost(settings, reason, async ({ commands, clock }) => {
    const code = newSetupCode(clock.now());
    await commands.execute(new ResetOfficer(givenAt(clock.instant()), name, code));
    out.done(`已清除账号 ${name} 的密码和第二重验证`);
    return { json: { account: name, ...shownCode(out, code) } };
  });
}
