import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { Catalogue } from '../catalogue/catalogue.js';
import { AppModule } from '../composition/app.module.js';
import { knownFiles } from '../composition/known-files.js';
import { EventStore } from '../event-store/event-store.js';
import { hashPassword } from '../identity/passwords/passwords.js';
import type { PrintBadRows } from '../imports/bad-rows.js';
import { openBatch } from '../imports/batch-folder.js';
import { importFolder } from '../imports/import-folder.js';
import { allCameIn, reportLines } from '../imports/import-report.js';
import { ImportThreads } from '../imports/threads.js';
import { makeFolder } from '../kernel/owner.js';
import { goAfterPages } from '../kernel/priority.js';
import { readSettings } from '../settings/settings.js';
import { Vault } from '../vault/vault.js';
import { type CommandOptions, say } from './output.js';
import { progressOn } from './progress.js';

export interface ImportCommandOptions extends CommandOptions {
  readonly dryRun?: boolean;
  readonly skipBadRows?: boolean;
}

/** Bytes of a batch from which on threads save more time than they take to start. */
const WORTH_THREADS = 2 * 1024 * 1024;

/** `import FOLDER`: into the centre of DATA_DIR, whether a server runs on it or not. */
export async function runImport(folder: string, { json, ...options }: ImportCommandOptions): Promise<void> {
  goAfterPages();
  const settings = readSettings(process.env);
  // before anything is made in DATA_DIR
  const { files } = await openBatch(folder, knownFiles);
  makeFolder(settings.DATA_DIR);
  const application = await NestFactory.createApplicationContext(AppModule.withoutPages(settings), { logger: false, abortOnError: false });
  const events = application.get(EventStore);
  const catalogue = application.get(Catalogue);
  const threads = files.reduce((bytes, { size }) => bytes + size, 0) < WORTH_THREADS ? undefined : new ImportThreads();
  try {
    await catalogue.start();
    await catalogue.stop(); // what is recorded from now on, the import itself knows
    const ports = {
      commands: application.get(CommandBus),
      events,
      vault: application.get(Vault),
      catalogue,
      settings,
      hash: hashPassword,
      ...(threads && { workers: threads }),
    };
    const report = await importFolder(folder, { ...options, progress: progressOn(process.stderr), printBadRows: printer() }, ports);
    for (const line of reportLines(report)) say(line);
    if (json) say(JSON.stringify(report));
    if (!allCameIn(report)) process.exitCode = 1;
  } finally {
    await threads?.close();
    await application.close();
  }
}

/** Prints bad rows on stdout, each file under a line of its own. */
function printer(): PrintBadRows {
  let last: string | undefined;
  return (file, bytes) => {
    if (file !== last) say(`${file} 中有错的行：`);
    last = file;
    process.stdout.write(bytes);
  };
}
