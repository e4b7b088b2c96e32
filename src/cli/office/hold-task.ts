import { randomUUID } from 'node:crypto';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { GiveTaskBack } from '../../office/give-task-back.command.js';
import { TakeTask } from '../../office/take-task.command.js';
import { actingOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';

interface HoldGiven {
  readonly task: string;
  readonly by: string | undefined;
}

/** `take TASK`: nobody else works on it for half an hour. */
export function runTake(given: HoldGiven, context: Context): Promise<CommandResult> {
  return hold(given, context, TakeTask, (task) => `由您办理 30 分钟：${task}`);
}

/** `give-back TASK`: others may take it. */
export function runGiveBack(given: HoldGiven, context: Context): Promise<CommandResult> {
  return hold(given, context, GiveTaskBack, (task, recorded) => (recorded ? `已退回：${task}` : `没有改变：${task} 不由您办理`));
}

function hold(
  { task, by }: HoldGiven,
  { settings, out }: Context,
  Hold: typeof TakeTask | typeof GiveTaskBack,
  says: (task: string, recorded: boolean) => string,
): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const { account } = await actingOfficer(by, 'work_tasks', domain);
    const command = new Hold(givenAt(domain.clock.instant()), task, account);
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID() } as const;
    const { recorded } = await causedBy(cause, () => domain.commands.execute(command));
    out.done(says(task, recorded > 0));
    return { json: { task, by: account, changed: recorded > 0 } };
  });
}
