import { type Task, tasks } from '../../../projections/tasks.js';
import { proposalNames, taskKindNames } from '../../office/task-words.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { caughtUp } from '../read-models/caught-up.js';
import { reading } from '../read-models/reading.js';

interface TasksGiven {
  readonly limit: number;
  readonly after: string | undefined;
}

/** `tasks`: the open tasks of the office, the oldest first. */
export function runTasks({ limit, after }: TasksGiven, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async (stores) => {
    await caughtUp(stores, [tasks]);
    const listed = await listOpen(stores.readModels, after, limit);
    const next = listed.length === limit ? listed.at(-1)?.cursor : undefined;
    for (const { document } of listed) for (const line of linesOf(document)) out.answer(line);
    out.answer(listed.length === 0 ? '没有待办' : next === undefined ? `共列出 ${listed.length} 项` : `共列出 ${listed.length} 项，后面的用 --after ${next}`);
    return { json: { tasks: listed.map(({ document }) => ({ ...document, raisedAt: beijing(document.raisedAt) })), next: next ?? null } };
  });
}

async function listOpen(readModels: ReadModels, after: string | undefined, most: number) {
  try {
    return await readModels.list(tasks, 'open', after, most);
  } catch (error) {
    if (error instanceof UnreadableCursor) throw new WrongUse('bad_value', '--after 应为上一次列出的末尾给出的那一段');
    throw error;
  }
}

function* linesOf({ task, kind, proposal, about, raisedAt }: Task): Generator<string> {
  yield `${task}　${beijing(raisedAt)}　${taskKindNames[kind]}　建议：${proposalNames[proposal]}`;
  yield `  ${Object.entries(about)
    .map(([name, value]) => `${name}=${value}`)
    .join('，')}`;
}
