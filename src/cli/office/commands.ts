import { CORRECTION_KINDS } from '../../office/corrections/correction.js';
import type { CorrectionName } from '../../office/corrections/corrections.events.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { type Command, command } from '../program/command.js';
import { BadValue } from '../program/errors.js';
import {
  account,
  argument,
  asText,
  choiceOf,
  flag,
  note,
  option,
  optionalArgument,
  optionOr,
  requiredOption,
  restArguments,
  wholeNumber,
} from '../program/parameters.js';

const MAX_LISTED = 1_000;
const CORRECTIONS = Object.keys(CORRECTION_KINDS) as CorrectionName[];
const BY = option('ACCOUNT', '办理人的账号，要在用，并有办这件事的角色；登录以后（office login）可以不写', account);
const TASK = argument('TASK', '待办的编号，见 tasks', asText);
const REPEATS = '可能已经记录。再次运行同一条命令即可确认，不会重复记录。';

export const officeCommands: readonly Command[] = [
  command({
    name: 'reconcile',
    group: 'office',
    says: '与支付平台对账：补记平台有而本系统没有的款项，其余差异转为待办；再次运行不会重复记录',
    arguments: { file: argument('FILE', '支付平台的对账文件（CSV，一天一个）', asText) },
    example: 'reconcile 2026-11-28.csv',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经记录了一部分。再次运行同一条命令即可继续。',
    run: async (given, context) => (await import('./reconcile.js')).runReconcile(given, context),
  }),
  command({
    name: 'tasks',
    group: 'office',
    says: '列出还没有办结的待办，先列最早的；或者一项待办和它的经过',
    arguments: { task: optionalArgument('TASK', '待办的编号；不写则列出所有') },
    options: {
      limit: optionOr(50, 'NUMBER', '最多列出多少项', wholeNumber(1, MAX_LISTED)),
      after: option('PLACE', '从上一次列出的末尾接着列', asText),
    },
    example: 'tasks --limit 20',
    needs: () => 'log',
    run: async (given, context) => (await import('./tasks.js')).runTasks(given, context),
  }),
  command({
    name: 'count',
    group: 'looking',
    says: '一个考期中有多少科次（或一门课程有多少人）报考、缴费、待缴、过期、没有座位、缺考、更正过',
    arguments: { period: argument('PERIOD', '考期，如 2610', asText), course: optionalArgument('COURSE', '课程代码，如 00249；不写就是所有课程') },
    options: {
      per: option('GROUP', 'course 或 district：按课程或考区分别列出', choiceOf('course', 'district')),
      district: option('DISTRICT', '只统计这个考区的考生', asText),
    },
    example: 'count 2610 00249',
    needs: () => 'log',
    run: async (given, context) => (await import('./count.js')).runCount(given, context),
  }),
  command({
    name: 'clashes',
    group: 'looking',
    says: '一个考期中互相矛盾的：同一座位安排两次、已缴费而没有座位、同一单元有两门课程；有时以 1 结束',
    arguments: { period: argument('PERIOD', '考期，如 2610', asText) },
    options: { all: flag('不举例，用 CSV 列出全部') },
    example: 'clashes 2610',
    needs: () => 'log',
    run: async (given, context) => (await import('./clashes.js')).runClashes(given, context),
  }),
  command({
    name: 'take',
    group: 'office',
    says: '开始办理一项待办：30 分钟内不由别人办理',
    arguments: { task: TASK },
    options: { by: BY },
    example: 'take 5d6f --by finance-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经记录。再次运行会从那时起再留 30 分钟。',
    run: async (given, context) => (await import('./hold-task.js')).runTake(given, context),
  }),
  command({
    name: 'give-back',
    group: 'office',
    says: '退回一项开始办理的待办，由别人办理',
    arguments: { task: TASK },
    options: { by: BY },
    example: 'give-back 5d6f --by finance-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./hold-task.js')).runGiveBack(given, context),
  }),
  command({
    name: 'settle',
    group: 'office',
    says: '办结一项待办',
    arguments: { task: TASK, note: argument('NOTE', '怎样办的；不要写考生的姓名和号码', note) },
    options: { by: BY },
    example: 'settle 5d6f 平台已补发 --by finance-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./settle.js')).runSettle(given, context),
  }),
  command({
    name: 'close-order',
    group: 'office',
    says: '结束一个支付平台一直没有结果的订单；先确认它没有支付',
    arguments: { order: argument('ORDER', '订单号，16 位数字，见 tasks', asText) },
    options: { by: BY },
    example: 'close-order 2026000000000101 --by finance-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./close-order.js')).runCloseOrder(given, context),
  }),
  command({
    name: 'reset-code',
    group: 'office',
    says: '给核对过身份的考生一个一次性的重设码，用来设置新密码，24 小时内有效',
    arguments: { admissionNo: argument('ADMISSION_NO', '准考证号', admissionNo) },
    options: { by: BY, reason: requiredOption('REASON', '为什么发放；不要写考生的姓名和号码', note) },
    example: 'reset-code 110000000001 --by xicheng-1 --reason 忘记密码，已核对身份证',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经记录了一个没有显示出来的重设码。再次运行会给出新的，以前的不再有效。',
    run: async (given, context) => (await import('./reset-code.js')).runResetCode(given, context),
  }),
  command({
    name: 'correct',
    group: 'office',
    says: '更正一个考生记错的一项：先列出原来的和更正后的，再问；没有写的列保持不变',
    arguments: {
      kind: argument(
        'KIND',
        `种类：${Object.entries(CORRECTION_KINDS)
          .map(([name, title]) => `${name} ${title}`)
          .join('、')}`,
        choiceOf(...CORRECTIONS),
        CORRECTIONS,
      ),
      admissionNo: argument('ADMISSION_NO', '准考证号', admissionNo),
      values: restArguments('COLUMN=VALUE', '更正后的值；写错列名时会列出这一种类的列'),
    },
    options: {
      by: BY,
      reason: requiredOption('REASON', '为什么更正；不要写考生的姓名和号码', note),
      ticket: option('TEXT', '工单号', note),
    },
    example: 'correct score 110000000001 period=2610 course=00249 score=81 --by shi-1 --reason 登分有误',
    needs: () => 'log-and-vault',
    writes: () => true,
    asks: true,
    mayHaveDone: () => '可能已经更正。再次运行同一条命令即可确认，不会重复记录。',
    run: async (given, context) => (await import('./correct.js')).runCorrect(given, context),
  }),
  command({
    name: 'forget',
    group: 'office',
    says: '按规定永久删除一个考生的个人资料；这个准考证号的数据以后不再导入',
    arguments: { admissionNo: argument('ADMISSION_NO', '准考证号', admissionNo) },
    options: { by: BY, reason: requiredOption('REASON', '为什么删除；不要写考生的姓名和号码', note) },
    example: 'forget 110000000001 --by shi-1 --reason 保存期已满',
    needs: () => 'log-and-vault',
    writes: () => true,
    destroys: ({ admissionNo }) => `准考证号 ${admissionNo} 的考生的姓名、证件、照片和所有密封的资料将永远打不开，备份恢复后也会再次删除。确定删除吗？`,
    mayHaveDone: () => '可能已经删除。再次运行同一条命令即可确认，并完成没有做完的部分。',
    run: async (given, context) => (await import('./forget.js')).runForget(given, context),
  }),
];

/** An admission number as it is typed, in groups or with full-width digits. */
function admissionNo(text: string): string {
  const number = normalisedNumber(text);
  if (!isAdmissionNo(number)) throw new BadValue('应为 12 位数字的准考证号');
  return number;
}
