import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { causedBy } from '../../../src/event-store/cause.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { TakePayment } from '../../../src/payments/paying/take-payment.command.js';
import { centreOn } from '../../imports/centre.js';
import { scratch } from '../../imports/scratch.js';
import { type DailyRow, dailyText, writeDaily } from '../../payments/reconciliation/daily.js';
import { addOfficers } from '../officers.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

/** Long ago, whatever the machine's clock says. */
const AT = '2020-11-01T02:00:00.000Z';
const ENDS = '2020-11-02T00:00:00.000+08:00';
const BILLS = ['90000000000001', '90000000000002', '90000000000003'];
const payment = (at: number): DailyRow => ({ order: `${BILLS[at] ?? '80000000000000'}01`, transaction: `T202011010${at}`, at: '2020-11-01T02:05:00.000Z' });

/** A DATA_DIR with three bills, of which the first and the last are paid as far as it knows. */
async function books(): Promise<{ readonly folder: string; readonly data: string }> {
  const folder = await scratch();
  const data = join(folder, 'data');
  const centre = await centreOn(data);
  const given = () => ({ id: randomUUID(), at: AT });
  await causedBy({ by: 'test', origin: 'person', correlation: randomUUID() }, async () => {
    for (const [at, bill] of BILLS.entries()) {
      const terms = { candidateId: `candidate-${at}`, bill, kind: 'enrolment', period: '2104', lines: [{ code: '03708', fen: 6_000 }], fen: 6_000 } as const;
      await centre.commands.execute(new IssueBill(given(), { ...terms, createdAt: AT, dueBy: '2020-12-01T00:00:00.000Z' }));
      await centre.commands.execute(new BeginPayment(given(), bill, `candidate-${at}`));
      const { order, transaction, at: paidAt } = payment(at);
      if (at !== 1) await centre.commands.execute(new TakePayment(given(), { order, transaction, fen: 6_000, channel: 'alipay', paidAt }));
    }
  });
  await centre.close();
  await addOfficers({ DATA_DIR: data }, { 'finance-1': 'finance' });
  return { folder, data };
}

it('`personal-centre reconcile` settles a day in plain words, where no server runs, and a second time records nothing', async () => {
  const { folder, data } = await books();
  const file = writeDaily(folder, dailyText(ENDS, [payment(0), payment(1), payment(3)]));
  const first = await told(['reconcile', file], { DATA_DIR: data });
  expect(first).toMatchObject({ code: 0, stderr: `数据文件夹：${data}\n` });
  expect(first.stdout.trimEnd().split('\n')).toEqual([
    '2020-11-01 对账：平台净收 180.00 元',
    '收款相符：1 笔，60.00 元',
    '只有平台有，已补记：1 笔，60.00 元',
    '  收款 T2020110101，订单 9000000000000201，60.00 元，2020-11-01T10:05:00+08:00',
    '没有这个订单，待人工处理：1 笔，60.00 元',
    '  收款 T2020110103，订单 8000000000000001，60.00 元，2020-11-01T10:05:00+08:00',
    '只有本系统有，待人工处理：1 笔，60.00 元',
    '  收款 T2020110102，订单 9000000000000301，60.00 元，2020-11-01T10:05:00+08:00',
    '记录事件 4 条',
  ]);
  const sum = { count: 1, fen: 6_000 };
  const found = { day: '2020-11-01', final: true, rows: 3, fen: 18_000, matched: sum, theirs_only: sum, unknown_order: sum, ours_only: sum };
  const again = jsonOf(await told(['reconcile', file, '--json'], { DATA_DIR: data }));
  expect(again).toMatchObject({ dataDir: data, ...found, paid_twice: { count: 0, fen: 0 }, recorded: 0 });

  const listed = jsonOf(await told(['tasks', '--json'], { DATA_DIR: data })) as { tasks: { task: string; kind: string; about: object }[] };
  expect(listed.tasks.map(({ kind, about }) => ({ kind, ...about }))).toEqual([
    expect.objectContaining({ kind: 'unknown_order', transaction: 'T2020110103' }),
    expect.objectContaining({ kind: 'ours_only', transaction: 'T2020110102' }),
  ]);
});

it('`personal-centre reconcile` leaves nothing behind of a file that is not whole, or that there is none of', async () => {
  const { folder, data } = await books();
  const recorded = async () => jsonOf(await told(['events', `bill-${BILLS[1]}`, '--json'], { DATA_DIR: data }));
  const before = await recorded();
  const whole = dailyText(ENDS, [payment(0), payment(1)]);
  const file = writeDaily(folder, whole.replace(',6000,', ',60.00,'));
  const ended = await told(['reconcile', file, '--json'], { DATA_DIR: data });
  expect(ended).toMatchObject({ code: 1, stderr: '对账文件有错，没有记录任何内容：\n  第 2 行，fen 列，“60.00”：应为金额（分），整数\n' });
  expect(jsonOf(ended)).toEqual({ error: { code: 'bad_daily_file', message: expect.stringContaining('第 2 行') } });
  const missing = await told(['reconcile', join(folder, 'nothing.csv')], { DATA_DIR: data });
  expect(missing.code).toBe(1);
  expect(missing.stderr).not.toContain('    at ');
  expect(await recorded()).toEqual(before);
});

it('`personal-centre tasks` lists page by page, and settle settles one by whom it is told, once', async () => {
  const { folder, data } = await books();
  await told(['reconcile', writeDaily(folder, dailyText(ENDS, []))], { DATA_DIR: data });
  const tasks = (...options: string[]) => told(['tasks', '--json', ...options], { DATA_DIR: data });
  const first = jsonOf(await tasks('--limit', '1')) as { tasks: { task: string }[]; next: string };
  const second = jsonOf(await tasks('--limit', '1', '--after', first.next)) as typeof first;
  const [one, other] = [first.tasks[0]?.task ?? '', second.tasks[0]?.task ?? ''];
  expect(new Set([one, other]).size).toBe(2);
  const { stdout } = await told(['tasks'], { DATA_DIR: data });
  expect(stdout).toContain('对账：只有本系统有　建议：询问支付平台');
  expect(stdout).toContain('共列出 2 项');

  const settle = (task: string, note: string, by = 'finance-1') => told(['settle', task, note, '--by', by, '--json'], { DATA_DIR: data });
  expect(jsonOf(await settle(one, '平台已补发'))).toEqual({ dataDir: data, task: one, settled: true });
  expect(jsonOf(await settle(one, '平台已补发'))).toEqual({ dataDir: data, task: one, settled: false });
  expect(jsonOf(await tasks())).toMatchObject({ tasks: [{ task: other }], next: null });
  const { stdout: events } = await told(['events', `task-${one}`, '--json'], { DATA_DIR: data });
  expect(events).toMatch(/"type":"TaskSettled".*"by":"office:finance-1"/);

  const refusals: readonly (readonly [readonly [task: string, note: string, by?: string], number, string])[] = [
    [['no-such-task', '办了'], 1, '没有这项待办：no-such-task'],
    [[other, ' '], 2, '<NOTE> 应填写，不超过 500 个字，不含换行'],
    [[other, '已退给 110101199003070000'], 2, '<NOTE> 中不要写考生的姓名、证件号或准考证号'],
    [[other, '办了', '张三'], 2, '--by 应为办理人的账号，由字母、数字和 . _ - 组成'],
    [[other, '办了', 'finance-2'], 1, '没有在用的账号 finance-2；相近的有：finance-1'],
  ];
  for (const [given, exit, why] of refusals) expect(await settle(...given)).toMatchObject({ code: exit, stderr: `${why}\n` });
  expect((await tasks('--limit', 'x')).stderr).toBe('--limit 应为 1 到 1000 的整数\n');
  expect((await tasks('--after', 'x')).stderr).toBe('--after 应为上一次列出的末尾给出的那一段\n');
});

it('`personal-centre close-order` ends an order that the platform has no answer for, once, and no other', async () => {
  const { data } = await books();
  const close = async (order: string) => {
    const { code, stdout, stderr } = await told(['close-order', order, '--by', 'finance-1'], { DATA_DIR: data });
    return [code, (stdout + stderr.replace(`数据文件夹：${data}\n`, '')).trim()];
  };
  expect(await close('9000000000000201')).toEqual([0, '已结束：9000000000000201']);
  expect(await close('9000000000000201')).toEqual([0, '没有改变：9000000000000201 不是正在等待结果的订单']);
  expect(await close('8000000000000001')).toEqual([1, expect.stringContaining('没有这个订单：8000000000000001')]);
});

it('`personal-centre take` keeps a task from others until it is given back or settled, and `tasks TASK` tells its history', async () => {
  const { folder, data } = await books();
  const environment = { DATA_DIR: data };
  await addOfficers(environment, { 'shi-1': 'city', 'audit-1': 'auditor' });
  await told(['reconcile', writeDaily(folder, dailyText(ENDS, []))], environment);
  const [{ task = '' } = {}] = jsonOf<{ tasks: readonly { task: string }[] }>(await told(['tasks', '--json'], environment)).tasks;
  expect(jsonOf(await told(['take', task, '--by', 'finance-1', '--json'], environment))).toMatchObject({ task, by: 'finance-1', changed: true });
  expect((await told(['tasks'], environment)).stdout).toMatch(/finance-1 办理到 \S+\+08:00/);
  for (const args of [
    ['take', task],
    ['settle', task, '已补发'],
  ])
    expect(await told([...args, '--by', 'shi-1'], environment)).toMatchObject({ code: 1, stderr: expect.stringContaining('finance-1 正在办理这项待办') });
  expect(await told(['take', task, '--by', 'audit-1'], environment)).toMatchObject({ code: 1, stderr: expect.stringContaining('不能办理、退回和办结待办') });
  expect((await told(['give-back', task, '--by', 'shi-1'], environment)).stdout).toContain('没有改变');
  expect((await told(['give-back', task, '--by', 'finance-1'], environment)).stdout).toContain(`已退回：${task}`);
  expect((await told(['settle', task, '已补发', '--by', 'shi-1'], environment)).code).toBe(0);
  const { stdout } = await told(['tasks', task], environment);
  expect(stdout).toMatch(/finance-1 开始办理\n[^\n]*finance-1 退回\n[^\n]*shi-1 办结：已补发\n$/);
  expect(await told(['tasks', 'nothing'], environment)).toMatchObject({ code: 1, stderr: expect.stringContaining('没有这项待办：nothing') });
});
