import { openDomain } from '../../composition/domain.js';
import { knownImportFiles } from '../../composition/known/import-files.js';
import { openPreview } from '../../composition/preview-stores.js';
import { hashPassword } from '../../identity/passwords/password-hash.js';
import type { PrintBadRows } from '../../imports/bad-rows.js';
import { openBatch } from '../../imports/batch-folder.js';
import { importFolder } from '../../imports/import-folder.js';
import { type ImportReport, isComplete, reportLines } from '../../imports/import-report.js';
import { ImportThreads } from '../../imports/import-threads.js';
import { previewFolder } from '../../imports/preview/preview-folder.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { actingOfficer, namedOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';
import type { Output } from '../program/output.js';

interface ImportGiven {
  readonly folder: string;
  readonly dryRun: boolean;
  readonly skipBadRows: boolean;
  readonly revert: boolean;
  readonly by: string | undefined;
  readonly reason: string | undefined;
  readonly ticket: string | undefined;
}

/** Who imports where no officer is named or has signed in, as a script at night does: whoever runs the host. */
const HOST = 'host';

/** Bytes of a batch from which on threads save more time than they take to start. */
const WORTH_THREADS = 2 * 1024 * 1024;

/** `import FOLDER`: into the centre of DATA_DIR, whether a server runs on it or not; with `--dry-run` what it would change. */
export async function runImport(given: ImportGiven, context: Context): Promise<CommandResult> {
  lowerThreadPriority();
  const { files } = await openBatch(given.folder, knownImportFiles); // before anything is made in DATA_DIR
  const threads = files.reduce((bytes, { size }) => bytes + size, 0) < WORTH_THREADS ? undefined : new ImportThreads();
  try {
    const report = given.dryRun ? await preview(given, context, threads) : await record(given, context, threads);
    for (const line of reportLines(report)) context.out.answer(line);
    return { json: report, differs: !isComplete(report) };
  } finally {
    await threads?.close();
  }
}

async function preview({ folder, skipBadRows, revert }: ImportGiven, { settings, out }: Context, workers: ImportThreads | undefined): Promise<ImportReport> {
  const stores = await openPreview(settings);
  try {
    return await previewFolder(folder, { skipBadRows, revert, progress: await out.progress() }, { ...stores, ...(workers && { workers }) });
  } finally {
    await stores.close();
  }
}

async function record(
  { folder, skipBadRows, revert, by, reason, ticket }: ImportGiven,
  { settings, out }: Context,
  workers: ImportThreads | undefined,
): Promise<ImportReport> {
  const domain = await openDomain(settings);
  try {
    const named = await namedOfficer(by, domain);
    const who = named === undefined ? HOST : (await actingOfficer(named, 'import_data', domain)).account;
    await domain.catalogue.start();
    await domain.catalogue.stop(); // what is recorded from now on, the import itself knows
    const options = { skipBadRows, revert, origin: { by: who, reason, ticket }, progress: await out.progress(), printBadRows: printerTo(out) };
    return await importFolder(folder, options, { ...domain, hash: hashPassword, ...(workers && { workers }) });
  } finally {
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
