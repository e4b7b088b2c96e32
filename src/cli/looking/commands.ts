import { type Command, command } from '../program/command.js';
import { argument, asText } from '../program/parameters.js';

export const lookingCommands: readonly Command[] = [
  command({
    name: 'find',
    group: 'looking',
    says: '按准考证号、考生 id、账单、订单或票据的号码查找；不显示个人信息',
    arguments: { what: argument('WHAT', '准考证号、考生 id、账单号、订单号，或票据号码', asText) },
    example: 'find 110000000001',
    needs: () => 'log-and-vault',
    run: async (given, context) => (await import('./find.js')).runFind(given, context),
  }),
  command({
    name: 'show',
    group: 'looking',
    says: '显示保存的一个文档，以及它处理到哪个事件；个人信息不显示',
    arguments: {
      name: argument('NAME', '读模型，如 sittings；或其中一个版本，如 bills@2', asText, 'read-models'),
      key: argument('KEY', '文档的键，如考生的 id；按考生的读模型也可以写准考证号', asText),
    },
    example: 'show sittings 110000000001',
    needs: () => 'log-and-vault',
    run: async (given, context) => (await import('./show.js')).runShow(given, context),
  }),
];
