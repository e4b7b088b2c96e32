import 'reflect-metadata';
import { Command } from 'commander';
import type { ImportCommandOptions } from './cli/import.js';
import { type CommandOptions, fail } from './cli/output.js';

// what a command needs is loaded when it runs: help is there at once
const JSON_OPTION = ['--json', '在标准输出的最后一行给出 JSON'] as const;

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
  .option('--skip-bad-rows', '记录没有错误的行，把有错的行写到旁边的文件夹，改好后可以再次导入')
  .option(...JSON_OPTION)
  .action((folder: string, options: ImportCommandOptions) => run(async () => (await import('./cli/import.js')).runImport(folder, options), options));

async function run(command: () => Promise<void>, { json = false }: CommandOptions): Promise<void> {
  try {
    await command();
  } catch (error) {
    fail(error, json);
  }
}

await program.parseAsync();
