import { randomUUID } from 'node:crypto';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { newResetCodeFor } from '../../identity/passwords/new-reset-code.js';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { IssueResetCode } from '../../registrations/passwords/issue-reset-code.command.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { Config } from '../../settings/settings.js';
import { actingOfficer } from '../acting/acting-officer.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { assertNamesNobody } from './names-nobody.js';

interface ResetCodeGiven {
  readonly admissionNo: string;
  /** The account of the office that has checked the person. */
  readonly by: string | undefined;
  readonly reason: string;
}

/** `reset-code ADMISSION_NO`: a one-time code for a new password, for whoever was checked in an office. */
export function runResetCode({ admissionNo, by, reason }: ResetCodeGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const { account, duties } = await actingOfficer(by, 'reset_codes', domain);
    const [id] = await domain.vault.find([admissionNo]);
    if (id === undefined) throw refused('candidate.unknown');
    await assertNamesNobody({ reason }, id, domain, duties.districts);
    const now = domain.clock.now();
    const { text: code, keyed, until } = newResetCodeFor(id, new SessionKeys(new Config(domain.settings)), now);
    const command = new IssueResetCode(givenAt(now.toISOString()), id, keyed, until, duties.districts);
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID(), why: reason } as const;
    await causedBy(cause, () => domain.commands.execute(command));
    out.answer(`重设码：${code}`);
    out.answer(`${beijing(until)} 前可以用一次，以前发的不再有效。只告诉核对过身份的考生本人。`);
    return { json: { code, until: beijing(until) } };
  });
}
