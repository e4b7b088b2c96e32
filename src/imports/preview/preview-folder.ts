import { randomUUID } from 'node:crypto';
import { knownImportFiles } from '../../composition/known/import-files.js';
import type { VaultToCompare } from '../../composition/starting/own-stores.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { ReadableLog } from '../../event-store/overlay/event-store.js';
import type { ReadableVault } from '../../vault/vault.js';
import { openBatch } from '../batch-folder.js';
import type { FileChanges } from '../changes/file-changes.js';
import { type CheckOptions, type CheckPorts, checkFolder, countGood } from '../check-folder.js';
import { assertNobodyTwice } from '../checking/nobody-twice.js';
import type { ImportFile } from '../files/import-file.js';
import type { ImportReport } from '../import-report.js';
import { InProcessPreview, type PreviewWorkers } from '../import-workers.js';
import { previewFiles } from '../recording/record-files.js';
import type { StagedFile } from '../staging/staged-file.js';

/** What a preview needs: nothing by which anything could be recorded. */
export interface PreviewPorts extends CheckPorts {
  readonly events: ReadableLog & Pick<EventStore, 'head'>;
  readonly vault: ReadableVault & VaultToCompare;
  /** A temporary folder: for the rows, and with empty stores where there are none. */
  readonly elsewhere: string;
  readonly kinds?: readonly ImportFile[];
  /** Checks and previews the rows. Default: this thread. */
  readonly workers?: PreviewWorkers;
}

export interface PreviewOptions extends CheckOptions {
  /** As of an import. */
  readonly revert?: boolean;
}

/**
 * Checks a folder as an import does, and tells what it would change. Nothing is recorded; the log may be written to meanwhile, of which
 * nothing is seen.
 * @throws BadFolder when the folder cannot be imported at all, UnusableStore and DamagedFile as an import
 */
export async function previewFolder(folder: string, { revert = false, ...options }: PreviewOptions, ports: PreviewPorts): Promise<ImportReport> {
  const kinds = ports.kinds ?? knownImportFiles;
  const batch = await openBatch(folder, kinds);
  const workers = ports.workers ?? new InProcessPreview(kinds, ports);
  const changes = new Map<StagedFile, FileChanges>();
  const report = await checkFolder({ ...batch, folder }, options, ports.elsewhere, ports, workers, {
    async handle(_, accepted, progress) {
      await assertNobodyTwice(accepted, ports.events, ports.vault);
      const upTo = await ports.events.head();
      const secret = randomUUID();
      progress.phase('计算变化', countGood(accepted));
      let before = 0;
      for (const together of Map.groupBy(accepted, ({ kind }) => kind.stream).values()) {
        const rows = countGood(together);
        const preview = { folder, revert, upTo, secret, elsewhere: ports.elsewhere, cause: { by: 'import', origin: 'import', correlation: secret } as const };
        const found = await previewFiles(together, preview, workers, (done) => progress.step(before + done, before + done));
        for (const [file, change] of found) changes.set(file, change);
        before += rows;
      }
    },
    async report(file) {
      const found = changes.get(file);
      return found ? { changes: found } : {};
    },
  });
  return { batch: null, dryRun: true, ...report };
}
