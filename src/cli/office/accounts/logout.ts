import { withDomain } from '../../../composition/domain.js';
import { causedBy } from '../../../event-store/cause.js';
import { givenAt } from '../../../event-store/given.js';
import { SignOutOfficer } from '../../../office/sign-in/sign-out-officer.command.js';
import { removeToken, signedIn } from '../../acting/office-token.js';
import type { CommandResult, Context } from '../../program/command.js';

/** `office logout`: ends the session of the command line, for all copies of its token. */
export function runLogout(_: unknown, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const own = await signedIn(domain);
    if (own) {
      const { account, session } = own;
      const command = new SignOutOfficer(givenAt(domain.clock.instant()), account, [session]);
      await causedBy({ by: `office:${account}`, origin: 'office', correlation: session }, () => domain.commands.execute(command));
    }
    await removeToken(domain);
    out.done(own ? `已退出：${own.account}` : '没有登录');
    return { json: { account: own?.account ?? null } };
  });
}
