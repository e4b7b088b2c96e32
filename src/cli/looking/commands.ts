import { type Command, command } from '../program/command.js';
import { account, argument, asText, flag, note, option } from '../program/parameters.js';

/** Values of a person are shown once it is recorded who looks, and why. */
const REVEAL = {
  reveal: flag('显示个人信息；先记录谁在看、为什么'),
  by: option('ACCOUNT', '看的人的账号，与 --reveal 一起使用', account),
  reason: option('TEXT', '为什么看，与 --reveal 一起使用', note),
};
const MAY_BE_RECORDED = '可能已经记录了这次查看。再次运行会再记录一次。';

export const lookingCommands: readonly Command[] = [
  command({
    name: 'find',
    group: 'looking',
    says: '按准考证号、姓名、考生 id、账单、订单或票据的号码查找',
    arguments: { what: argument('WHAT', '准考证号、完整的姓名、考生 id、账单号、订单号，或票据号码', asText) },
    options: REVEAL,
    example: 'find 110000000001',
    needs: () => 'log-and-vault',
    writes: ({ reveal }) => reveal,
    mayHaveDone: ({ reveal }) => (reveal ? MAY_BE_RECORDED : undefined),
    run: async (given, context) => (await import('./find.js')).runFind(given, context),
  }),
  command({
    name: 'show',
    group: 'looking',
    says: '显示保存的一个文档，以及它处理到哪个事件',
    arguments: {
      name: argument('NAME', '读模型，如 sittings；或其中一个版本，如 bills@2', asText, 'read-models'),
      key: argument('KEY', '文档的键，如考生的 id；按考生的读模型也可以写准考证号', asText),
    },
    options: REVEAL,
    example: 'show candidate 110000000001 --reveal --by zhang --reason 核对姓名',
    needs: () => 'log-and-vault',
    writes: ({ reveal }) => reveal,
    mayHaveDone: ({ reveal }) => (reveal ? MAY_BE_RECORDED : undefined),
    run: async (given, context) => (await import('./show.js')).runShow(given, context),
  }),
];
