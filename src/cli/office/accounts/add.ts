import { givenAt } from '../../../event-store/given.js';
import { AddOfficer } from '../../../office/officers/add-officer.command.js';
import type { Role } from '../../../office/officers/officers.events.js';
import { newSetupCode } from '../../../office/officers/one-time-codes.js';
import type { CommandResult, Context } from '../../program/command.js';
import { asHost } from './as-host.js';
import { shownCode } from './shown-code.js';

interface AddGiven {
  readonly name: string;
  readonly role: readonly Role[];
  readonly district: readonly string[];
}

/** `office add NAME`: an account of the office, and the code that sets its password. */
export function runAdd({ name, role, district }: AddGiven, { settings, out }: Context): Promise<CommandResult> {
  return asHost(settings, undefined, async ({ commands, clock }) => {
    const code = newSetupCode(clock.now());
    await commands.execute(new AddOfficer(givenAt(clock.instant()), name, { roles: role, districts: district }, code));
    out.done(`已添加账号：${name}`);
    return { json: { account: name, roles: role, districts: district, ...shownCode(out, code) } };
  });
}
