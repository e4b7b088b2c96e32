import type { Task } from '../../../projections/tasks.js';
import type { Listed } from '../../read-models/read-models.js';
import { moment, money } from '../../web/views/formats.js';
import { proposalNames, taskKindNames } from '../task-words.js';

/** What is said of each thing that a task is about, by its name in the log. */
const names: Readonly<Record<string, string>> = {
  bill: '账单',
  order: '订单',
  transaction: '交易号',
  fen: '金额',
  ourFen: '本系统记的金额',
  said: '平台答复',
  why: '原因',
  paidAt: '支付时间',
  at: '时间',
  reactor: '自动办理',
  event: '事件',
  type: '事件类型',
  stream: '流',
  code: '规则',
  day: '日期',
  correction: '更正',
  rows: '行数',
};
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** A page of open tasks, the oldest first; `next` continues it where there are more. `now` in milliseconds. */
export function openTasksView(listed: readonly Listed<Task>[], most: number, now: number) {
  return {
    rows: listed.map(({ document }) => taskRow(document, now)),
    next: listed.length === most ? listed.at(-1)?.cursor : undefined,
  };
}

/** What a task is about, and who works on it now. */
export function taskRow({ task, kind, proposal, about, raisedAt, holder }: Task, now: number) {
  return {
    task,
    raisedAt,
    kind: taskKindNames[kind],
    proposal: proposalNames[proposal],
    about: Object.entries(about).map(([name, value]) => ({ name: names[name] ?? name, value: shown(value) })),
    holder: holder && Date.parse(holder.until) > now ? holder : undefined,
  };
}

function shown(value: string | number): string {
  if (typeof value === 'number') return `${money(value)} 元`;
  return INSTANT.test(value) ? moment(value) : value;
}
