import { randomUUID } from 'node:crypto';
import { knownImportFiles } from '../composition/known/import-files.js';
import { establishInstallation } from '../composition/starting/establish-installation.js';
import { assertOwnStores, claimStores } from '../composition/starting/own-stores.js';
import { photosFolder } from '../composition/stores.js';
import { causedBy } from '../event-store/cause.js';
import type { Commands } from '../event-store/commands.js';
import type { EventStore } from '../event-store/event-store.js';
import { NameHashMigration } from '../registrations/name-hash-migration.js';
import { VaultErasures } from '../registrations/vault-erasures.js';
import type { Settings } from '../settings/settings.js';
import type { Vault } from '../vault/vault.js';
import { BadRows, type PrintBadRows } from './bad-rows.js';
import { openBatch } from './batch-folder.js';
import { type CheckOptions, type CheckPorts, candidatesAmong, checkFolder, countGood, type ImportProgress } from './check-folder.js';
import { assertNobodyTwice } from './checking/nobody-twice.js';
import type { ImportFile } from './files/import-file.js';
import type { ImportReport } from './import-report.js';
import { type ImportWorkers, InProcessWorker } from './import-workers.js';
import { type BatchOrigin, noteBegin, noteEnd } from './recording/note-batch.js';
import { recordFiles } from './recording/record-files.js';
import { type HashPassword, setPasswords } from './recording/set-passwords.js';
import type { StagedFile } from './staging/staged-file.js';

/** What an import needs. */
export interface ImportPorts extends CheckPorts {
  readonly commands: Commands;
  readonly events: EventStore;
  readonly vault: Vault;
  readonly settings: Pick<Settings, 'DATA_DIR' | 'NODE_ENV' | 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX' | 'NEW_INSTALLATION'>;
  readonly hash: HashPassword;
  /** The kinds of files in the order in which they are recorded. Default: all known kinds. */
  readonly kinds?: readonly ImportFile[];
  /** Checks and records the rows. Default: this thread. */
  readonly workers?: ImportWorkers;
}

/** With `skipBadRows`, the bad rows of a file are written to a folder beside the batch. */
export interface ImportOptions extends CheckOptions {
  /** Prints the bad rows when no folder can be created for them. */
  readonly printBadRows?: PrintBadRows;
  /** Also records rows that were imported before and restore values that later events have replaced; otherwise they are refused. */
  readonly revert?: boolean;
  /** Recorded with the batch. Default: by `import`. */
  readonly origin?: BatchOrigin;
}

/**
 * Imports a folder of files (README, "How data comes in"): checks all rows, then records the accepted ones. A repeated import records
 * what is not recorded yet.
 * @throws BadFolder when the folder cannot be imported at all
 */
export async function importFolder(folder: string, options: ImportOptions, ports: ImportPorts): Promise<ImportReport> {
  const begun = new Date();
  const kinds = ports.kinds ?? knownImportFiles;
  const batch = await openBatch(folder, kinds);
  const workers = ports.workers ?? new InProcessWorker(kinds, ports.commands, ports.vault);
  await new NameHashMigration(ports.events, ports.vault).apply(); // rows of the same person are found by name hashes
  const recorded = new Map<StagedFile, number>();
  let badRows: BadRows | undefined;
  let batchId: string | null = null;
  const report = await checkFolder({ ...batch, folder }, options, ports.settings.DATA_DIR, ports, workers, {
    async handle(all, accepted, progress) {
      if (options.skipBadRows) badRows = await BadRows.beside(folder, begun, options.printBadRows);
      if (accepted.length === 0) return;
      batchId = randomUUID();
      const recording = { folder, revert: options.revert === true, workers, ports, progress, origin: options.origin ?? { by: 'import' } };
      await causedBy({ by: 'import', origin: 'import', correlation: batchId }, () => recordBatch(all, accepted, recorded, recording));
    },
    async report(file, photos) {
      const written = file.bad > 0 ? await badRows?.write(file, photos) : undefined;
      return { recorded: recorded.get(file) ?? 0, ...written };
    },
    close: async () => badRows?.close(),
  });
  return { batch: batchId, dryRun: false, ...report };
}

interface Recording {
  readonly folder: string;
  readonly revert: boolean;
  readonly workers: ImportWorkers;
  readonly ports: ImportPorts;
  readonly progress: ImportProgress;
  readonly origin: BatchOrigin;
}

/** Records the accepted files between the two notes of the batch, and counts the events of each in `recorded`. */
async function recordBatch(all: readonly StagedFile[], accepted: readonly StagedFile[], recorded: Map<StagedFile, number>, recording: Recording) {
  const { events, vault, settings } = recording.ports;
  const photos = photosFolder(settings);
  const { id } = await establishInstallation({ events, vault: async () => vault, folder: settings.DATA_DIR }, false, settings);
  await assertOwnStores(events, vault, photos, id);
  await assertNobodyTwice(accepted, events, vault);
  await noteBegin(events, recording.origin, all);
  await recordAccepted(accepted, recorded, recording);
  const outcomeOf = (file: StagedFile) => ({ file: `${file.name}.csv`, recorded: recorded.get(file) ?? 0, bad: file.bad, keptOut: !accepted.includes(file) });
  await noteEnd(events, all.map(outcomeOf));
  await claimStores(vault, photos, id);
  await new VaultErasures(events, vault).apply(); // so that the next start need not compare all of this with the vault
}

/** Records the files in order, those with the same streams together, then the passwords. */
async function recordAccepted(files: readonly StagedFile[], recorded: Map<StagedFile, number>, { folder, revert, workers, ports, progress }: Recording) {
  const { commands, events, vault, hash } = ports;
  progress.phase('记录', countGood(files));
  let before = 0;
  for (const together of Map.groupBy(files, ({ kind }) => kind.stream).values()) {
    const rows = countGood(together);
    const counts = await recordFiles(together, { folder, revert }, workers, (done) => progress.step(before + done, before + done));
    for (const [file, count] of counts) recorded.set(file, count);
    before += rows;
  }
  const candidates = candidatesAmong(files);
  if (!candidates) return;
  progress.phase('设置密码', candidates.countGood());
  const passwords = await setPasswords(candidates, commands, events, vault, hash, (rows) => progress.step(rows, rows));
  recorded.set(candidates, (recorded.get(candidates) ?? 0) + passwords);
}
