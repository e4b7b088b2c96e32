import { givenTime } from '../program/beijing-time.js';
import { type Command, command } from '../program/command.js';
import { argument, asText, flag, option, optionalArgument, recorder, repeatedOption, wholeNumber } from '../program/parameters.js';
import { RECORDS_VIEWING, REVEAL } from './reveal-options.js';

const CANDIDATE = argument('ADMISSION_NO', '准考证号，或考生 id', asText);

export const lookingCommands: readonly Command[] = [
  command({
    name: 'find',
    group: 'looking',
    says: '按号码、姓名或编号查找考生，与办公室的查找框相同',
    arguments: {
      what: argument('WHAT', '准考证号、证件号、完整的姓名，考生、账单、订单、票据、申报、考籍申请、待办的编号，或事件，如 bill-20260000000001@0', asText),
    },
    options: REVEAL,
    example: 'find 110000000001',
    needs: () => 'log-and-vault',
    ...RECORDS_VIEWING,
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
    ...RECORDS_VIEWING,
    run: async (given, context) => (await import('./show.js')).runShow(given, context),
  }),
  command({
    name: 'events',
    group: 'looking',
    says: '列出一个事件流或整个日志的事件，最新的在最后',
    arguments: { stream: optionalArgument('STREAM', '事件流，如 bill-20260000000001；不写则是整个日志') },
    options: {
      type: repeatedOption('EVENT', '这种事件，如 ScoreRecorded'),
      since: option('TIME', '从这时起，如 2026-11-22T18:00:00+08:00；不写时区就是北京时间', givenTime),
      until: option('TIME', '到这时为止', givenTime),
      recordedBy: option('WHO', '由谁记录：办理人的账号、考生 id、import 或某个程序', recorder),
      correlation: option('ID', '同一次请求或导入记录的，如批次的 id', asText),
      follow: flag('继续列出新的事件，直到中断'),
      limit: option('NUMBER', '只列出最后这么多条；整个日志默认 100，--follow 默认 10', wholeNumber(1, 10_000)),
      ...REVEAL,
    },
    example: 'events --type ScoreCorrected --since 2026-11-22T18:00:00+08:00',
    needs: ({ reveal }) => (reveal ? 'log-and-vault' : 'log'),
    ...RECORDS_VIEWING,
    run: async (given, context) => (await import('./events.js')).runEvents(given, context),
  }),
  command({
    name: 'timeline',
    group: 'looking',
    says: '用普通的话列出一位考生的所有事情：什么时候，谁，为什么',
    arguments: { candidate: CANDIDATE },
    options: REVEAL,
    example: 'timeline 110000000001',
    needs: () => 'log-and-vault',
    ...RECORDS_VIEWING,
    run: async (given, context) => (await import('./timeline.js')).runTimeline(given, context),
  }),
  command({
    name: 'page',
    group: 'looking',
    says: '显示一位考生看到的页面，现在的，或用过去某个时刻的资料',
    arguments: {
      candidate: CANDIDATE,
      page: argument('PAGE', '页面的地址，如 home、results、bills 或 bills/20260000000001', asText),
    },
    options: {
      at: option('TIME', '用这个时刻的资料，如 2026-11-22T18:00:00+08:00；不写时区就是北京时间', givenTime),
      html: flag('显示网页，而不是其中的文字'),
      out: option('FILE', '把网页写成文件', asText),
      ...REVEAL,
    },
    example: 'page 110000000001 results --at 2026-11-22T18:00:00+08:00',
    needs: () => 'log-and-vault',
    ...RECORDS_VIEWING,
    run: async (given, context) => (await import('./page.js')).runPage(given, context),
  }),
];
