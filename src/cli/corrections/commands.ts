import { CORRECTION_KINDS } from '../../office/corrections/correction.js';
import type { CorrectionName } from '../../office/corrections/corrections.events.js';
import { type Command, command } from '../program/command.js';
import { account, argument, asText, choiceOf, flag, note, option, optionOr, requiredOption, restArguments, wholeNumber } from '../program/parameters.js';

const KINDS = Object.keys(CORRECTION_KINDS) as CorrectionName[];
const KIND = argument(
  'KIND',
  `种类：${Object.entries(CORRECTION_KINDS)
    .map(([name, title]) => `${name} ${title}`)
    .join('、')}`,
  choiceOf(...KINDS),
  KINDS,
);
const ID = argument('ID', '更正的编号，见 correction list', asText);
const BY = requiredOption('ACCOUNT', '办理人的账号，要在用，并有办这件事的角色', account);
const REASON = requiredOption('REASON', '为什么；不要写考生的姓名和号码', note);
const TICKET = option('TEXT', '工单号', note);
const REPEATS = '可能已经记录。用 correction list 查看。';

/** Corrections that are proposed, previewed, and recorded once they are approved. */
export const correctionCommands: readonly Command[] = [
  command({
    name: 'correction propose',
    group: 'office',
    says: '提出更正：一个考生的一项，或者一个 CSV 文件；批准以后才记录。文件有 admission_no、说明是哪一项的列、要更正的列，可以有 was（现在的值）',
    arguments: { kind: KIND, values: restArguments('ADMISSION_NO COLUMN=VALUE', '准考证号和更正后的值；用文件时不写') },
    options: {
      file: option('FILE', 'CSV 文件（UTF-8）', asText),
      skipBadRows: flag('文件中有错的行不提出，其余照样提出'),
      by: BY,
      reason: REASON,
      ticket: TICKET,
      evidence: option('FILE', '依据的文件：记下它的 SHA-256，文件请另外保存', asText),
    },
    example: 'correction propose score 110000000001 period=2610 course=00249 score=81 --by shi-1 --reason 登分有误',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./propose.js')).runPropose(given, context),
  }),
  command({
    name: 'correction preview',
    group: 'office',
    says: '一项更正将会记录什么、改变什么，什么都不记录；最后给出预览的指纹',
    arguments: { id: ID },
    options: { by: BY, rows: option('FILE', '把每一行的结果写成 CSV 文件', asText) },
    example: 'correction preview 0199c1de-4d5e-7a51-b7a4-2f0c5be3c0aa --by shi-2',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经记录了谁查看过这些考生。',
    run: async (given, context) => (await import('./preview.js')).runPreview(given, context),
  }),
  command({
    name: 'correction approve',
    group: 'office',
    says: '批准一项更正，并执行它：先列出预览，再问；看过以后又有改动的，预览已过期，不批准',
    arguments: { id: ID },
    options: {
      by: BY,
      fingerprint: option('TEXT', '看过的预览的指纹；与现在的不同就不批准', asText),
      emergency: flag('紧急：提出的人是审批人，一个人批准，以后由另一位补批'),
      afterwards: flag('补批另一位紧急批准的更正'),
    },
    example: 'correction approve 0199c1de-4d5e-7a51-b7a4-2f0c5be3c0aa --by shi-2',
    needs: () => 'log-and-vault',
    writes: () => true,
    asks: true,
    mayHaveDone: () => '可能已经批准，或者执行了一部分：服务中的程序会接着执行。用 correction list 查看。',
    run: async (given, context) => (await import('./approve.js')).runApprove(given, context),
  }),
  command({
    name: 'correction undo',
    group: 'office',
    says: '提出撤销一项执行完的更正：改回执行以前的值，同样要预览和批准',
    arguments: { id: ID },
    options: { by: BY, reason: REASON, ticket: TICKET },
    example: 'correction undo 0199c1de-4d5e-7a51-b7a4-2f0c5be3c0aa --by shi-1 --reason 依据有误',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./propose.js')).runUndo(given, context),
  }),
  command({
    name: 'correction withdraw',
    group: 'office',
    says: '撤回自己提出、还没有批准的更正',
    arguments: { id: ID },
    options: { by: BY },
    example: 'correction withdraw 0199c1de-4d5e-7a51-b7a4-2f0c5be3c0aa --by shi-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./decide.js')).runWithdraw(given, context),
  }),
  command({
    name: 'correction return',
    group: 'office',
    says: '退回别人提出的更正，写明为什么',
    arguments: { id: ID },
    options: { by: BY, reason: REASON },
    example: 'correction return 0199c1de-4d5e-7a51-b7a4-2f0c5be3c0aa --by shi-2 --reason 缺少依据',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => REPEATS,
    run: async (given, context) => (await import('./decide.js')).runReturn(given, context),
  }),
  command({
    name: 'correction list',
    group: 'office',
    says: '列出等待批准和补批的更正，先列最早的；--all 列出所有更正，先列最近的',
    options: { all: flag('所有的更正'), limit: optionOr(50, 'NUMBER', '最多列出多少项', wholeNumber(1, 1_000)) },
    example: 'correction list',
    needs: () => 'log',
    run: async (given, context) => (await import('./list.js')).runList(given, context),
  }),
];
