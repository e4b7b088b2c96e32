import { type Command, command } from '../program/command.js';
import { BadValue } from '../program/errors.js';
import { account, argument, asText, flag, note, option, optionOr, wholeNumber } from '../program/parameters.js';

const MAX_LISTED = 1_000;
const BATCH = argument('ID', '批次编号，见 batches', batchId);

export const dataCommands: readonly Command[] = [
  command({
    name: 'start',
    group: 'running',
    says: '启动个人中心（设置见环境变量，如 HOST、PORT、DATA_DIR）',
    example: 'start',
    needs: () => 'nothing',
    writes: () => true,
    serves: true,
    run: async (_, context) => (await import('./start.js')).runStart(context),
  }),
  command({
    name: 'import',
    group: 'running',
    says: '导入一个文件夹的数据',
    arguments: { folder: argument('FOLDER', '放有 CSV 文件的文件夹', asText) },
    options: {
      dryRun: flag('只检查，并列出将会改变什么；不记录任何内容'),
      skipBadRows: flag('记录没有错误的行，把有错的行写到旁边的文件夹（无法写入时打印出来），改好后可以再次导入'),
      revert: flag('以前导入过、后来又被替换的内容也改回去；不写则拒绝这些行'),
      by: option('ACCOUNT', '办理人的账号，与批次一起记录；不写则是登录的人（office login），没有登录则记为 host，即主机上的命令', account),
      reason: option('TEXT', '为什么导入；不要写考生的姓名和号码', note),
      ticket: option('TEXT', '工单号', note),
    },
    example: 'import batch --dry-run',
    needs: () => 'log-or-none',
    writes: ({ dryRun }) => !dryRun,
    mayHaveDone: ({ dryRun }) => (dryRun ? undefined : '可能已经记录了一部分。再次运行同一条命令即可继续。'),
    run: async (given, context) => (await import('./import.js')).runImport(given, context),
  }),
  command({
    name: 'batches',
    group: 'looking',
    says: '列出导入过的批次：什么时候，谁，哪些文件，多少行，记录了多少',
    options: { limit: optionOr(20, 'NUMBER', '最多列出多少个，先列最近的', wholeNumber(1, MAX_LISTED)) },
    example: 'batches --limit 5',
    needs: () => 'log',
    run: async (given, context) => (await import('./batches.js')).runBatches(given, context),
  }),
  command({
    name: 'batch',
    group: 'looking',
    says: '查看一个批次：文件和摘要，影响了多少考生，举例列出考生的 id',
    arguments: { id: BATCH },
    example: 'batch 5a9de0bb-32a5-4d1c-9b7f-6a42b6f5c3a1',
    needs: () => 'log',
    run: async (given, context) => (await import('./batches.js')).runBatch(given, context),
  }),
  command({
    name: 'undo',
    group: 'running',
    says: '撤销一个批次：先预览，加 --yes 才记录。每行恢复批次之前的内容，之后又有改动的行不动',
    arguments: { id: BATCH },
    options: {
      yes: flag('照预览记录'),
      by: option('ACCOUNT', '办理人的账号，与 --yes 一起使用；登录以后（office login）可以不写', account),
      reason: option('TEXT', '为什么撤销；不要写考生的姓名和号码', note),
      ticket: option('TEXT', '工单号', note),
    },
    example: 'undo 5a9de0bb-32a5-4d1c-9b7f-6a42b6f5c3a1',
    needs: () => 'log-and-vault',
    writes: ({ yes }) => yes,
    mayHaveDone: ({ yes }) => (yes ? '可能已经撤销了一部分。再次运行同一条命令即可继续。' : undefined),
    run: async (given, context) => (await import('./undo.js')).runUndo(given, context),
  }),
  command({
    name: 'backup',
    group: 'running',
    says: '备份数据文件夹（DATA_DIR）中的读模型、事件、密钥库和照片；服务可以照常运行',
    arguments: { folder: argument('FOLDER', '新的或空的文件夹；与 --check 一起使用时，是已有的备份', asText) },
    options: {
      previous: option('FOLDER', '以前的备份：其中已有的照片不再复制，而是链接', asText),
      check: flag('不备份，只检查已有的备份是否完整'),
    },
    example: 'backup /backup/monday --previous /backup/sunday',
    needs: () => 'nothing',
    writes: () => true, // a check is noted too
    mayHaveDone: ({ check }) => (check ? undefined : '留下的文件夹不是完整的备份：请删除它，或者换一个空的文件夹再次运行。'),
    run: async (given, context) => (await import('./backup.js')).runBackup(given, context),
  }),
  command({
    name: 'prune',
    group: 'running',
    says: '清理不再有人使用的：更早的版本（可以退回的除外）、中断的重建、留下的中间文件；先列出，再询问',
    options: {
      spool: option('DIR', '也清理 replay --spool 用过的这个文件夹', asText),
      dryRun: flag('只列出，不删除'),
    },
    example: 'prune',
    needs: () => 'read-models',
    writes: ({ dryRun }) => !dryRun,
    asks: true,
    mayHaveDone: ({ dryRun }) => (dryRun ? undefined : '可能已经清理了一部分。再次运行即可继续。'),
    run: async (given, context) => (await import('./prune.js')).runPrune(given, context),
  }),
  command({
    name: 'rotate-master-key',
    group: 'running',
    says: '更换主密钥：MASTER_KEY_OLD 是现在的，MASTER_KEY 是新的；先停止个人中心的所有进程',
    options: { dropUnregistered: flag('删除密钥库中没有任何登记事件的考生') },
    example: 'rotate-master-key',
    needs: () => 'log-and-vault',
    writes: () => true,
    destroys: ({ dropUnregistered }) => (dropUnregistered ? '没有登记事件的考生将从密钥库中删除，不能恢复。确定吗？' : undefined),
    mayHaveDone: () => '再次运行同一条命令即可继续。',
    run: async (given, context) => (await import('./rotate-master-key.js')).runRotateMasterKey(given, context),
  }),
];

function batchId(text: string): string {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text)) throw new BadValue('应为批次编号，由 batches 列出');
  return text;
}
