import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../event-store/cause.js';
import { givenAt } from '../event-store/given.js';
import { Refusal } from '../event-store/refusal.js';
import { keyedCode, newResetCode } from '../identity/passwords/reset-codes.js';
import { SessionKeys } from '../identity/sessions/session-keys.js';
import { Clock } from '../kernel/clock.js';
import { BadChange } from '../read-models/registry.js';
import { CODE_LASTS } from '../registrations/candidate.decider.js';
import { IssueResetCode } from '../registrations/issue-reset-code.command.js';
import { refused } from '../registrations/registrations.refusals.js';
import { Config, readSettings } from '../settings/settings.js';
import { isAdmissionNo, normalisedNumber } from '../vault/numbers.js';
import { Vault } from '../vault/vault.js';
import { windowEnd } from '../web/formats.js';
import { messageOf } from '../web/messages.js';
import { type CommandOptions, say } from './output.js';
import { withCentre } from './with-centre.js';

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
  await withCentre(readSettings(process.env), async (application) => {
    const [id] = await application.get(Vault).find([number]);
    if (id === undefined) throw new BadChange(messageOf(refused('candidate.unknown')));
    const now = application.get(Clock).now();
    const until = new Date(now.getTime() + CODE_LASTS).toISOString();
    const code = newResetCode();
    const keyed = keyedCode(new SessionKeys(application.get(Config)).reset, id, code);
    const command = new IssueResetCode(givenAt(now.toISOString()), id, keyed, until);
    await causedBy({ by: `office:${by}`, origin: 'office', correlation: randomUUID() }, () => issue(application.get(CommandBus), command));
    say(`重设码：${code}`);
    say(`${windowEnd(until)} 前可以用一次，以前发的不再有效。只告诉核对过身份的考生本人。`);
    if (json) say(JSON.stringify({ code, until }));
  });
}

async function issue(commands: CommandBus, command: IssueResetCode): Promise<void> {
  try {
    await commands.execute(command);
  } catch (error) {
    throw error instanceof Refusal ? new BadChange(messageOf(error)) : error;
  }
}
