import { type Task, tasks } from '../../../projections/tasks.js';
import { proposalNames, taskKindNames } from '../../office/task-words.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import type { Output } from '../program/output.js';
import { caughtUp } from '../read-models/caught-up.js';
import { reading } from '../read-models/reading.js';

interface TasksGiven {
  readonly task: string | undefined;
  readonly limit: number;
  readonly after: string | undefined;
}

/** `tasks [TASK]`: the open tasks of the office, the oldest first, or one task with its history. */
export function runTasks({ task, limit, after }: TasksGiven, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async (stores) => {
    await caughtUp(stores, [tasks]);
    if (task !== undefined) return showTask(await stores.readModels.get(tasks, task), task, out);
    const listed = await listOpen(stores.readModels, after, limit);
    const next = listed.length === limit ? listed.at(-1)?.cursor : undefined;
    for (const { document } of listed) for (const line of linesOf(document)) out.answer(line);
    out.answer(listed.length === 0 ? '没有待办' : next === undefined ? `共列出 ${listed.length} 项` : `共列出 ${listed.length} 项，后面的用 --after ${next}`);
    return { json: { tasks: listed.map(({ document }) => inBeijing(document)), next: next ?? null } };
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

const STEPS = { taken: '开始办理', given_back: '退回' } as const;

/** @throws CommandRefused for one that there is not */
function showTask(document: Task, asked: string, out: Output): CommandResult {
  const { task, history = [], settledAt, settledBy, note } = document;
  if (task === '') throw new CommandRefused('task.unknown', `没有这项待办：${asked}`);
  for (const line of linesOf(document)) out.answer(line);
  for (const { at, by, what } of history) out.answer(`  ${beijing(at)}　${by} ${STEPS[what]}`);
  if (settledAt !== undefined) out.answer(`  ${beijing(settledAt)}　${settledBy?.replace(/^office:/, '')} 办结：${note}`);
  return { json: inBeijing(document) };
}

/** A task as JSON, with its times in Beijing's. */
function inBeijing({ holder, history, settledAt, ...task }: Task) {
  return {
    ...task,
    raisedAt: beijing(task.raisedAt),
    ...(settledAt !== undefined && { settledAt: beijing(settledAt) }),
    ...(holder && { holder: { ...holder, until: beijing(holder.until) } }),
    ...(history && { history: history.map((step) => ({ ...step, at: beijing(step.at) })) }),
  };
}

function* linesOf({ task, kind, proposal, about, raisedAt, holder }: Task): Generator<string> {
  yield `${task}　${beijing(raisedAt)}　${taskKindNames[kind]}　建议：${proposalNames[proposal]}${holder ? `　${holder.by} 办理到 ${beijing(holder.until)}` : ''}`;
  yield `  ${Object.entries(about)
    .map(([name, value]) => `${name}=${value}`)
    .join('，')}`;
}
