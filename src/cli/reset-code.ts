import { randomUUID } from 'node:crypto';
import { withDomain } from '../composition/domain.js';
import { causedBy } from '../event-store/cause.js';
import type { Commands } from '../event-store/commands.js';
import { givenAt } from '../event-store/given.js';
import { Refusal } from '../event-store/refusal.js';
import { newResetCode, resetCodeHash } from '../identity/passwords/reset-codes.js';
import { SessionKeys } from '../identity/sessions/session-keys.js';
import { BadChange } from '../read-models/registry.js';
import { CODE_LASTS } from '../registrations/candidate.decider.js';
import { IssueResetCode } from '../registrations/passwords/issue-reset-code.command.js';
import { refused } from '../registrations/registrations.refusals.js';
import { Config, readSettings } from '../settings/settings.js';
import { isAdmissionNo, normalisedNumber } from '../vault/numbers.js';
import { refusalMessage } from '../web/errors/refusal-message.js';
import { windowEnd } from '../web/views/formats.js';
import { type CommandOptions, printLine } from './output.js';

export interface ResetCodeOptions extends CommandOptions {
  /** The account of the office that has checked the person. */
  readonly by: string;
}

const ACCOUNT = /^[\w.-]{1,64}$/;

/** `reset-code ADMISSION_NO`: a one-time code for a new password, for whoever was checked in an office. */
export async function runResetCode(typed: string, { by, json }: ResetCodeOptions): Promise<void> {
  const number = normalisedNumber(typed);
  if (!isAdmissionNo(number)) throw new BadChange('准考证号应为 12 位数字');
  if (!ACCOUNT.test(by)) throw new BadChange('--by 应为办理人的账号，由字母、数字和 . _ - 组成');
  await withDomain(readSettings(process.env), async (domain) => {
    const [id] = await domain.vault.find([number]);
    if (id === undefined) throw new BadChange(refusalMessage(refused('candidate.unknown')));
    const now = domain.clock.now();
    const until = new Date(now.getTime() + CODE_LASTS).toISOString();
    const code = newResetCode();
    const keyed = resetCodeHash(new SessionKeys(new Config(domain.settings)).reset, id, code);
    const command = new IssueResetCode(givenAt(now.toISOString()), id, keyed, until);
    await causedBy({ by: `office:${by}`, origin: 'office', correlation: randomUUID() }, () => issue(domain.commands, command));
    printLine(`重设码：${code}`);
    printLine(`${windowEnd(until)} 前可以用一次，以前发的不再有效。只告诉核对过身份的考生本人。`);
    if (json) printLine(JSON.stringify({ code, until }));
  });
}

async function issue(commands: Commands, command: IssueResetCode): Promise<void> {
  try {
    await commands.execute(command);
  } catch (error) {
    throw error instanceof Refusal ? new BadChange(refusalMessage(error)) : error;
  }
}
