import { randomUUID } from 'node:crypto';
import { withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { SettleTask } from '../../office/settle-task.command.js';
import { actingOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';

interface SettleGiven {
  readonly task: string;
  readonly note: string;
  /** The account of the office by which it is settled. */
  readonly by: string | undefined;
}

/** `settle TASK NOTE`: a person has done what a task asked for. */
export function runSettle({ task, note, by }: SettleGiven, { settings, out }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    const { account } = await actingOfficer(by, 'work_tasks', domain);
    const command = new SettleTask(givenAt(domain.clock.instant()), task, note, account);
    const cause = { by: `office:${account}`, origin: 'office', correlation: randomUUID() } as const;
    const { recorded } = await causedBy(cause, () => domain.commands.execute(command));
    const settled = recorded > 0;
    out.done(settled ? `已办结：${task}` : `以前已经办结：${task}`);
    return { json: { task, settled } };
  });
}
