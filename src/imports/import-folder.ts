import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import type { Catalogue } from '../catalogue/catalogue.js';
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
import { type BatchFile, openBatch } from './batch-folder.js';
import { leaveOutForgotten } from './checking/forgotten-numbers.js';
import { warnOfTimesAndSeats } from './checking/times-and-seats.js';
import { checkTruncatedNumbers } from './checking/truncated-numbers.js';
import { isKeptOut, validateBatch } from './checking/validate-batch.js';
import type { ImportFile } from './files/import-file.js';
import { type FileReport, type ImportReport, MOST_FAULTS } from './import-report.js';
import { type ImportWorkers, InProcessWorker } from './import-workers.js';
import { checkPhotos, PhotoFolder } from './photo-folder.js';
import { type BatchOrigin, noteBegin, noteEnd } from './recording/note-batch.js';
import { recordFiles } from './recording/record-files.js';
import { type HashPassword, setPasswords } from './recording/set-passwords.js';
import { stageFile } from './staging/stage-file.js';
import type { StagedFile } from './staging/staged-file.js';
import { Staging } from './staging/staging.js';

/** What an import needs. The catalogue must have caught up with the log. */
export interface ImportPorts {
  readonly commands: Commands;
  readonly events: EventStore;
  readonly vault: Vault;
  readonly catalogue: Pick<Catalogue, 'has' | 'paper' | 'period'>;
  readonly settings: Pick<Settings, 'DATA_DIR' | 'NODE_ENV' | 'EVENT_STORE_URL' | 'EVENT_STREAM_PREFIX' | 'NEW_INSTALLATION'>;
  readonly hash: HashPassword;
  /** The kinds of files in the order in which they are recorded. Default: all known kinds. */
  readonly kinds?: readonly ImportFile[];
  /** Checks and records the rows. Default: this thread. */
  readonly workers?: ImportWorkers;
}

export interface ImportOptions {
  /** Only checks and reports. */
  readonly dryRun?: boolean;
  /** Records the good rows of a file with bad ones, and writes the bad ones to a folder beside the batch. */
  readonly skipBadRows?: boolean;
  /** Prints the bad rows when no folder can be created for them. */
  readonly printBadRows?: PrintBadRows;
  readonly progress?: ImportProgress;
  /** Also records rows that were imported before and restore values that later events have replaced; otherwise they are refused. */
  readonly revert?: boolean;
  /** Recorded with the batch. Default: by `import`. */
  readonly origin?: BatchOrigin;
}

/** Receives the progress of an import, phase by phase. */
export interface ImportProgress {
  /** @param total in bytes while reading, in rows otherwise */
  phase(name: string, total: number): void;
  /** @param done of the phase's total; `rows` seen in it so far */
  step(done: number, rows: number): void;
  end(): void;
}

const SILENT: ImportProgress = { phase: () => undefined, step: () => undefined, end: () => undefined };

/**
 * Imports a folder of files (README, "How data comes in"): checks all rows, then records the accepted ones. A repeated import records
 * what is not recorded yet.
 * @throws BadFolder when the folder cannot be imported at all
 */
export async function importFolder(folder: string, options: ImportOptions, ports: ImportPorts): Promise<ImportReport> {
  const begun = new Date();
  const { dryRun = false, skipBadRows = false, progress = SILENT } = options;
  const kinds = ports.kinds ?? knownImportFiles;
  const workers = ports.workers ?? new InProcessWorker(kinds, ports.commands, ports.vault);
  const batch = await openBatch(folder, kinds);
  const photos = new PhotoFolder(folder);
  const staging = new Staging(ports.settings.DATA_DIR);
  let badRows: BadRows | undefined;
  try {
    await stageFiles(staging, batch.files, workers, progress);
    refusePlainPasswords(staging, ports.settings);
    await checkAllPhotos(staging, photos, progress);
    progress.phase('核对', 0);
    await leaveOutForgotten(staging, ports.vault);
    await checkTruncatedNumbers(staging, ports);
    await new NameHashMigration(ports.events, ports.vault).apply(); // rows of the same person are found by name hashes
    await validateBatch(staging, skipBadRows, ports.vault, recordedValues(ports));
    warnOfTimesAndSeats(staging, ports.catalogue);
    const accepted = staging.files.filter((file) => !isKeptOut(file, skipBadRows));
    if (skipBadRows && !dryRun) badRows = await BadRows.beside(folder, begun, options.printBadRows);
    const recorded = new Map<StagedFile, number>();
    const batchId = dryRun || accepted.length === 0 ? undefined : randomUUID();
    if (batchId !== undefined) {
      const recording = { folder, revert: options.revert === true, workers, ports, progress, origin: options.origin ?? { by: 'import' } };
      const cause = { by: 'import', origin: 'import', correlation: batchId } as const;
      await causedBy(cause, () => recordBatch(staging.files, accepted, recorded, recording));
    }
    const files: FileReport[] = [];
    for (const file of staging.files) {
      const written = file.bad > 0 ? await badRows?.write(file, photos) : undefined;
      files.push({ ...reportOn(file, !accepted.includes(file), recorded.get(file) ?? 0), ...written });
    }
    const sum = (of: (file: FileReport) => number) => files.reduce((total, file) => total + of(file), 0);
    return {
      batch: batchId ?? null,
      rows: sum(({ rows }) => rows),
      recorded: sum((file) => file.recorded),
      bad: sum(({ bad }) => bad),
      warnings: sum(({ warningsInAll }) => warningsInAll),
      dryRun,
      seconds: (Date.now() - begun.getTime()) / 1_000,
      files,
      leftAlone: batch.leftAlone,
    };
  } finally {
    progress.end();
    staging.close();
    await badRows?.close();
  }
}

async function stageFiles(staging: Staging, files: readonly BatchFile[], workers: ImportWorkers, progress: ImportProgress) {
  progress.phase(
    '读取并检查',
    files.reduce((total, { size }) => total + size, 0),
  );
  let read = 0;
  let seen = 0;
  const staged = files.map(({ kind, path, size }) => staging.stage(kind, path, size));
  const stage = (file: StagedFile) =>
    stageFile(file, workers, (bytes, rows) => {
      read += bytes;
      seen += rows;
      progress.step(read, seen);
    });
  await pMap(staged, stage, { concurrency: workers.concurrency });
}

/** Plain-text passwords are accepted for trials only. */
function refusePlainPasswords({ files }: Staging, { NODE_ENV }: Pick<Settings, 'NODE_ENV'>): void {
  const file = candidatesAmong(files);
  if (NODE_ENV !== 'production' || !file) return;
  for (const page of file.pages()) {
    for (const { line, text } of page) {
      const { password_hash: hash } = JSON.parse(text) as { readonly password_hash?: unknown };
      if (typeof hash === 'string' && hash.startsWith('{plain}')) file.markBad(line, [{ column: 'password_hash', reason: '正式环境不接受明文密码' }]);
    }
  }
}

async function checkAllPhotos({ files }: Staging, photos: PhotoFolder, progress: ImportProgress): Promise<void> {
  for (const file of files.filter(({ kind }) => 'photo' in kind.columns.shape)) {
    progress.phase('检查照片', file.countGood());
    await checkPhotos(file, photos, (checked) => progress.step(checked, checked));
  }
}

function recordedValues({ vault, catalogue }: ImportPorts) {
  return async (kind: Parameters<Parameters<typeof validateBatch>[3]>[0], values: readonly string[]) =>
    kind === 'candidate' ? (await vault.find(values)).map((id) => id !== undefined) : values.map((value) => catalogue.has(kind, value));
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
  const countGood = (some: readonly StagedFile[]) => some.reduce((total, file) => total + file.countGood(), 0);
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

function candidatesAmong(files: readonly StagedFile[]): StagedFile | undefined {
  return files.find(({ name }) => name === 'candidates');
}

function reportOn(file: StagedFile, keptOut: boolean, recorded: number): FileReport {
  const { name, rows, bad, repeated, leftOut } = file;
  const said = {
    faults: file.faults(MOST_FAULTS),
    faultsInAll: file.countFaults(),
    warnings: file.warnings(MOST_FAULTS),
    warningsInAll: file.countWarnings(),
  };
  return { file: `${name}.csv`, rows, bad, repeated, leftOut, recorded, keptOut, ...said };
}
