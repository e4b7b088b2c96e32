import 'reflect-metadata';
import { Command } from 'commander';
import type { BackupCommandOptions } from './cli/backup.js';
import type { CloseOrderOptions } from './cli/close-order.js';
import type { ExplainOptions } from './cli/explain.js';
import type { ImportCommandOptions } from './cli/import.js';
import { type CommandOptions, endProcess, ignoreBrokenPipe, reportFailure } from './cli/output.js';
import type { SwitchOptions } from './cli/projector-requests.js';
import type { ReplayOptions } from './cli/replay.js';
import type { ResetCodeOptions } from './cli/reset-code.js';
import type { RotateOptions } from './cli/rotate-master-key.js';
import type { SettleOptions, TasksOptions } from './cli/tasks.js';
import type { VerifyCommandOptions } from './cli/verify.js';

// what a command needs is loaded when it runs: help is there at once
const JSON_OPTION = ['--json', '在标准输出的最后一行给出 JSON'] as const;

/** What may have been done when a store did not answer in time. */
const UNKNOWN = {
  resumes: '可能已经记录了一部分。再次运行同一条命令即可继续。',
  repeats: '可能已经记录。再次运行同一条命令即可确认，不会重复记录。',
  code: '可能已经记录了一个没有显示出来的重设码。再次运行会给出新的，以前的不再有效。',
  change: '可能已经改变。用 projections 查看，没有改变的再次运行。',
  continues: '再次运行同一条命令即可继续。',
};

const program = new Command('personal-centre')
  .description('北京自考考生个人中心')
  .helpOption('-h, --help', '显示帮助')
  .helpCommand('help [COMMAND]', '显示某个命令的帮助');

program
  .command('start')
  .description('启动个人中心（设置见环境变量，如 HOST、PORT、DATA_DIR）')
  .option(...JSON_OPTION)
  .action((options: CommandOptions) => run(async () => (await import('./cli/start.js')).runStart(options), options));

program
  .command('import')
  .argument('<FOLDER>', '放有 CSV 文件的文件夹')
  .description('导入一个文件夹的数据')
  .option('--dry-run', '只检查，不记录任何内容')
  .option('--skip-bad-rows', '记录没有错误的行，把有错的行写到旁边的文件夹（无法写入时打印出来），改好后可以再次导入')
  .option(...JSON_OPTION)
  .action((folder: string, options: ImportCommandOptions) =>
    run(async () => (await import('./cli/import.js')).runImport(folder, options), options, options.dryRun ? undefined : UNKNOWN.resumes),
  );

program
  .command('switch')
  .argument('<NAME>', '读模型，如 bills；或其中一个版本，如 bills@2')
  .description('让页面改用重建好的版本；原来的版本保留着，可以退回')
  .option(
    '--accept <KEY>',
    '接受一个在两个版本中都被隔离的文档，可以多次给出',
    (key: string, before: readonly string[]) => [...before, key],
    [] as readonly string[],
  )
  .option(...JSON_OPTION)
  .action((name: string, options: SwitchOptions) =>
    run(async () => (await import('./cli/projector-requests.js')).runSwitch(name, options), options, UNKNOWN.change),
  );

program
  .command('rollback')
  .argument('<NAME>', '读模型，如 bills')
  .description('让页面退回切换之前的版本')
  .option(
    '--accept <KEY>',
    '接受一个在两个版本中都被隔离的文档，可以多次给出',
    (key: string, before: readonly string[]) => [...before, key],
    [] as readonly string[],
  )
  .option(...JSON_OPTION)
  .action((name: string, options: SwitchOptions) =>
    run(async () => (await import('./cli/projector-requests.js')).runRollback(name, options), options, UNKNOWN.change),
  );

program
  .command('retry')
  .argument('<NAME>', '读模型，如 bills；或其中一个版本，如 bills@2')
  .argument('<KEY>', '被隔离的文档')
  .description('再次处理一个被隔离的文档')
  .option(...JSON_OPTION)
  .action((name: string, key: string, options: CommandOptions) =>
    run(async () => (await import('./cli/projector-requests.js')).runRetry(name, key, options), options, UNKNOWN.change),
  );

program
  .command('reconcile')
  .argument('<FILE>', '支付平台的对账文件（CSV，一天一个）')
  .description('与支付平台对账：补记平台有而本系统没有的款项，其余差异转为待办；再次运行不会重复记录')
  .option(...JSON_OPTION)
  .action((file: string, options: CommandOptions) =>
    run(async () => (await import('./cli/reconcile.js')).runReconcile(file, options), options, UNKNOWN.resumes),
  );

program
  .command('tasks')
  .description('列出还没有办结的待办，先列最早的')
  .option('--limit <NUMBER>', '最多列出多少项', '50')
  .option('--after <PLACE>', '从上一次列出的末尾接着列')
  .option(...JSON_OPTION)
  .action((options: TasksOptions) => run(async () => (await import('./cli/tasks.js')).runTasks(options), options));

program
  .command('settle')
  .argument('<TASK>', '待办的编号，见 tasks')
  .argument('<NOTE>', '怎样办的；不要写考生的姓名和号码')
  .description('办结一项待办')
  .option('--by <ACCOUNT>', '办理人的账号', 'cli')
  .option(...JSON_OPTION)
  .action((task: string, note: string, options: SettleOptions) =>
    run(async () => (await import('./cli/tasks.js')).runSettle(task, note, options), options, UNKNOWN.repeats),
  );

program
  .command('close-order')
  .argument('<ORDER>', '订单号，16 位数字，见 tasks')
  .description('结束一个支付平台一直没有结果的订单；先确认它没有支付')
  .option('--by <ACCOUNT>', '办理人的账号', 'cli')
  .option(...JSON_OPTION)
  .action((order: string, options: CloseOrderOptions) =>
    run(async () => (await import('./cli/close-order.js')).runCloseOrder(order, options), options, UNKNOWN.repeats),
  );

program
  .command('reset-code')
  .argument('<ADMISSION_NO>', '准考证号')
  .description('给核对过身份的考生一个一次性的重设码，用来设置新密码，24 小时内有效')
  .option('--by <ACCOUNT>', '办理人的账号', 'cli')
  .option(...JSON_OPTION)
  .action((number: string, options: ResetCodeOptions) =>
    run(async () => (await import('./cli/reset-code.js')).runResetCode(number, options), options, UNKNOWN.code),
  );

program
  .command('backup')
  .argument('<FOLDER>', '新的或空的文件夹；与 --check 一起使用时，是已有的备份')
  .description('备份数据文件夹（DATA_DIR）中的读模型、事件、密钥库和照片；服务可以照常运行')
  .option('--previous <FOLDER>', '以前的备份：其中已有的照片不再复制，而是链接')
  .option('--check', '不备份，只检查已有的备份是否完整')
  .option(...JSON_OPTION)
  .action((folder: string, options: BackupCommandOptions) => run(async () => (await import('./cli/backup.js')).runBackup(folder, options), options));

program
  .command('rotate-master-key')
  .description('更换主密钥：MASTER_KEY_OLD 是现在的，MASTER_KEY 是新的；先停止个人中心的所有进程')
  .option('--drop-unregistered', '删除密钥库中没有任何登记事件的考生')
  .option(...JSON_OPTION)
  .action((options: RotateOptions) => run(async () => (await import('./cli/rotate-master-key.js')).runRotateMasterKey(options), options, UNKNOWN.continues));

program
  .command('replay')
  .argument('[NAME...]', '读模型，如 bills')
  .option('--all', '所有读模型')
  .option('--diff', '与正在使用的版本比较')
  .option('--report <FILE.html>', '把差异写成网页')
  .option('--spool <DIR>', '把中间文件放到这个文件夹，如另一个磁盘上的；默认在 DATA_DIR 中')
  .description('从事件重建读模型，页面照常使用原来的版本；中断后再次运行会继续')
  .option(...JSON_OPTION)
  .action((names: string[], options: ReplayOptions) =>
    run(async () => (await import('./cli/replay.js')).runReplay(names, options), options, UNKNOWN.continues),
  );

program
  .command('catch-up')
  .description('让读模型跟上事件：没有别的进程在处理时由这个命令处理，完成后结束')
  .option(...JSON_OPTION)
  .action((options: CommandOptions) => run(async () => (await import('./cli/catch-up.js')).runCatchUp(options), options, UNKNOWN.continues));

program
  .command('verify')
  .argument('[NAME...]', '读模型，如 bills，或其中一个版本，如 bills@2；不写则核对所有正在使用的')
  .description('从事件重新计算，逐个核对保存的文档、索引和进度；不写 --repair 就不改变任何文档')
  .option('--quick', '不核对文档，只看文件、表、索引、进度和文档数')
  .option('--sample <NUMBER>', '每个读模型只核对大约这么多个文档，每次是另外一些')
  .option(
    '--repair <KEY>',
    '只核对这个文档，不符就重新生成；可以多次给出',
    (key: string, before: readonly string[]) => [...before, key],
    [] as readonly string[],
  )
  .option('--repair-all', '重新生成所有不符的文档')
  .option('--out <FILE>', '把所有不符的文档的键写成 CSV')
  .option(...JSON_OPTION)
  .action((names: string[], options: VerifyCommandOptions) => run(async () => (await import('./cli/verify.js')).runVerify(names, options), options));

program
  .command('explain')
  .argument('<NAME>', '读模型，如 sittings')
  .argument('<KEY>', '文档的键，如考生的 id')
  .argument('[FIELD]', '字段，如 2610.06090.result')
  .description('列出一个文档或字段由哪些事件而来')
  .option('--at <TIME>', '文档在过去某个时间的内容，如 2026-11-22T18:00')
  .option(...JSON_OPTION)
  .action((name: string, key: string, field: string | undefined, options: ExplainOptions) =>
    run(async () => (await import('./cli/explain.js')).runExplain(name, key, field, options), options),
  );

program
  .command('events')
  .argument('<STREAM>', '事件流，如 bill-20260000000001')
  .description('列出一个事件流的事件')
  .option(...JSON_OPTION)
  .action((stream: string, options: CommandOptions) => run(async () => (await import('./cli/explain.js')).runEvents(stream, options), options));

program
  .command('projections')
  .description('列出读模型的各个版本：哪个在使用，处理到哪里，有多少文档，哪些被隔离')
  .option(...JSON_OPTION)
  .action((options: CommandOptions) => run(async () => (await import('./cli/projections.js')).runProjections(options), options));

program
  .command('cancel')
  .argument('<NAME>', '读模型，如 bills')
  .description('取消正在进行的重建，不留下任何内容')
  .option(...JSON_OPTION)
  .action((name: string, options: CommandOptions) => run(async () => (await import('./cli/projections.js')).runCancel(name, options), options, UNKNOWN.change));

program
  .command('drop')
  .argument('<NAME@VERSION>', '不再使用的版本，如 bills@1')
  .description('删除一个不再使用的版本')
  .option(...JSON_OPTION)
  .action((name: string, options: CommandOptions) => run(async () => (await import('./cli/projections.js')).runDrop(name, options), options, UNKNOWN.change));

/** Commands that do not use the log, or wait for it by themselves. */
const WITHOUT_LOG = new Set(['start', 'backup', 'cancel', 'drop']);

/** @param unknown what may have been done when a store did not answer */
async function run(command: () => Promise<void>, { json = false }: CommandOptions, unknown?: string): Promise<void> {
  try {
    await assertLog();
    await command();
  } catch (error) {
    reportFailure(error, json, unknown);
  }
}

/** What uses the log says at once when it cannot be used or is another one, and why. */
async function assertLog(): Promise<void> {
  if (WITHOUT_LOG.has(process.argv[2] ?? '')) return;
  const { assertUsableLog } = await import('./cli/usable-log.js');
  await assertUsableLog();
}

ignoreBrokenPipe();
await program.parseAsync();
await endProcess();
