import { randomUUID } from 'node:crypto';
import { type Task, tasks } from '../../projections/tasks.js';
import { withDomain } from '../composition/domain.js';
import { causedBy } from '../event-store/cause.js';
import type { Commands } from '../event-store/commands.js';
import { givenAt } from '../event-store/given.js';
import { Refusal } from '../event-store/refusal.js';
import type { Proposal, TaskKind } from '../office/office.events.js';
import { SettleTask } from '../office/settle-task.command.js';
import type { ReadModels } from '../read-models/read-models.js';
import { BadChange } from '../read-models/registry.js';
import { UnreadableCursor } from '../read-models/serving/cursor.js';
import { readSettings } from '../settings/settings.js';
import { refusalMessage } from '../web/errors/refusal-message.js';
import { moment } from '../web/views/formats.js';
import { caughtUp } from './caught-up.js';
import { type CommandOptions, printLine } from './output.js';

export interface TasksOptions extends CommandOptions {
  readonly limit: string;
  readonly after?: string;
}

export interface SettleOptions extends CommandOptions {
  /** The account of the office by which it is settled. */
  readonly by: string;
}

const MAX_LISTED = 1_000;

const kinds: Readonly<Record<TaskKind, string>> = {
  refused_reaction: '自动办理被规则拒绝',
  unknown_order: '收到不认识的订单的款项',
  payment_unresolved: '支付结果一天未明',
  payment_contradicted: '支付平台前后说法不一',
  refund_refused: '支付平台拒绝退款',
  refund_elsewhere: '电脑上收的款项应退',
  ours_only: '对账：只有本系统有',
  theirs_only: '对账：平台有，本系统记在别处',
  amount_differs: '对账：金额不符',
  refund_differs: '对账：退款不符',
};

const proposals: Readonly<Record<Proposal, string>> = {
  look: '查看原因',
  refund: '退款',
  ask_platform: '询问支付平台',
  ask_pc_system: '在电脑上的系统办理',
};

/** `tasks`: the open tasks of the office, the oldest first. */
export async function runTasks({ limit, after, json }: TasksOptions): Promise<void> {
  const most = Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > MAX_LISTED) throw new BadChange(`--limit 应为 1 到 ${MAX_LISTED} 的整数`);
  await withDomain(readSettings(process.env), async (domain) => {
    await caughtUp(domain, [tasks]);
    const listed = await listOpen(domain.readModels, after, most);
    const next = listed.length === most ? listed.at(-1)?.cursor : undefined;
    for (const { document } of listed) for (const line of linesOf(document)) printLine(line);
    printLine(listed.length === 0 ? '没有待办' : next === undefined ? `共列出 ${listed.length} 项` : `共列出 ${listed.length} 项，后面的用 --after ${next}`);
    if (json) printLine(JSON.stringify({ tasks: listed.map(({ document }) => document), next: next ?? null }));
  });
}

async function listOpen(readModels: ReadModels, after: string | undefined, most: number) {
  try {
    return await readModels.list(tasks, 'open', after, most);
  } catch (error) {
    if (error instanceof UnreadableCursor) throw new BadChange('--after 应为上一次列出的末尾给出的那一段');
    throw error;
  }
}

function* linesOf({ task, kind, proposal, about, raisedAt }: Task): Generator<string> {
  yield `${task}　${moment(raisedAt)}　${kinds[kind]}　建议：${proposals[proposal]}`;
  yield `  ${Object.entries(about)
    .map(([name, value]) => `${name}=${value}`)
    .join('，')}`;
}

/** A citizen number or an admission number: no person is to be named in a note. */
const NUMBER_OF_A_PERSON = /(?<!\d)(\d{17}[\dXx]|\d{15}|\d{12})(?!\d)/;
const LONGEST_NOTE = 500;
const ACCOUNT = /^[\w.-]{1,64}$/;

/** `settle TASK NOTE`: a person has done what a task asked for. */
export async function runSettle(task: string, note: string, { by, json }: SettleOptions): Promise<void> {
  const text = note.trim();
  if (text === '' || text.length > LONGEST_NOTE || /\p{Cc}/u.test(text)) throw new BadChange(`说明应填写，不超过 ${LONGEST_NOTE} 个字，不含换行`);
  if (NUMBER_OF_A_PERSON.test(text)) throw new BadChange('说明中不要写考生的姓名、证件号或准考证号');
  if (!ACCOUNT.test(by)) throw new BadChange('--by 应为办理人的账号，由字母、数字和 . _ - 组成');
  await withDomain(readSettings(process.env), async (domain) => {
    const command = new SettleTask(givenAt(domain.clock.instant()), task, text);
    const cause = { by: `office:${by}`, origin: 'office', correlation: randomUUID() } as const;
    const settled = await causedBy(cause, () => settle(domain.commands, command));
    printLine(settled ? `已办结：${task}` : `以前已经办结：${task}`);
    if (json) printLine(JSON.stringify({ task, settled }));
  });
}

/** Whether it was still open. @throws BadChange for a task that there is none of */
async function settle(commands: Commands, command: SettleTask): Promise<boolean> {
  try {
    const { recorded } = await commands.execute(command);
    return recorded > 0;
  } catch (error) {
    throw error instanceof Refusal ? new BadChange(refusalMessage(error)) : error;
  }
}
