import { openDomain } from '../../composition/domain.js';
import { knownImportFiles } from '../../composition/known/import-files.js';
import { hashPassword } from '../../identity/passwords/password-hash.js';
import type { PrintBadRows } from '../../imports/bad-rows.js';
import { openBatch } from '../../imports/batch-folder.js';
import { importFolder } from '../../imports/import-folder.js';
import { isComplete, reportLines } from '../../imports/import-report.js';
import { ImportThreads } from '../../imports/import-threads.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import type { CommandResult, Context } from '../program/command.js';
import type { Output } from '../program/output.js';

interface ImportGiven {
  readonly folder: string;
  readonly dryRun: boolean;
  readonly skipBadRows: boolean;
  readonly revert: boolean;
  readonly by: string;
  readonly reason: string | undefined;
  readonly ticket: string | undefined;
}

/** Bytes of a batch from which on threads save more time than they take to start. */
const WORTH_THREADS = 2 * 1024 * 1024;

/** `import FOLDER`: into the centre of DATA_DIR, whether a server runs on it or not. */
export async function runImport({ folder, dryRun, skipBadRows, revert, ...origin }: ImportGiven, { settings, out }: Context): Promise<CommandResult> {
  lowerThreadPriority();
  // before anything is made in DATA_DIR
  const { files } = await openBatch(folder, knownImportFiles);
  const domain = await openDomain(settings);
  const threads = files.reduce((bytes, { size }) => bytes + size, 0) < WORTH_THREADS ? undefined : new ImportThreads();
  try {
    await domain.catalogue.start();
    await domain.catalogue.stop(); // what is recorded from now on, the import itself knows
    const ports = { ...domain, hash: hashPassword, ...(threads && { workers: threads }) };
    const options = { dryRun, skipBadRows, revert, origin, progress: await out.progress(), printBadRows: printerTo(out) };
    const report = await importFolder(folder, options, ports);
    for (const line of reportLines(report)) out.answer(line);
    return { json: report, differs: !isComplete(report) };
  } finally {
    await threads?.close();
    await domain.close();
  }
}

/** Prints bad rows, each file under a line of its own. */
function printerTo(out: Output): PrintBadRows {
  let last: string | undefined;
  return (file, bytes) => {
    if (file !== last) out.keep(`${file} 中有错的行：\n`);
    last = file;
    out.keep(bytes);
  };
}
