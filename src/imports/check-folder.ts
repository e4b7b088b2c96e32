import pMap from 'p-map';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Settings } from '../settings/settings.js';
import type { ReadableVault } from '../vault/vault.js';
import type { BatchFile, BatchFolder } from './batch-folder.js';
import { leaveOutForgotten } from './checking/forgotten-numbers.js';
import { warnOfTimesAndSeats } from './checking/times-and-seats.js';
import { checkTruncatedNumbers } from './checking/truncated-numbers.js';
import { isKeptOut, validateBatch } from './checking/validate-batch.js';
import { type FileReport, type ImportReport, MOST_FAULTS } from './import-report.js';
import type { CheckWorkers } from './import-workers.js';
import { checkPhotos, PhotoFolder } from './photo-folder.js';
import { stageFile } from './staging/stage-file.js';
import type { StagedFile } from './staging/staged-file.js';
import { Staging } from './staging/staging.js';

/** What checking a folder reads. The catalogue must have caught up with the log. */
export interface CheckPorts {
  readonly events: Pick<EventStore, 'streams'>;
  readonly vault: ReadableVault;
  readonly catalogue: Pick<Catalogue, 'has' | 'paper' | 'period'>;
  readonly settings: Pick<Settings, 'NODE_ENV'>;
}

export interface CheckOptions {
  /** Accepts the good rows of a file with bad ones. */
  readonly skipBadRows?: boolean;
  readonly progress?: ImportProgress;
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

/** What is done with the files of a folder once they are checked. */
export interface AfterCheck {
  /** In the files' order; `accepted` are those that are not kept out. */
  handle(all: readonly StagedFile[], accepted: readonly StagedFile[], progress: ImportProgress): Promise<void>;
  /** What the report of a file says beside its checks. */
  report(file: StagedFile, photos: PhotoFolder): Promise<Partial<FileReport>>;
  /** Called in any case. */
  close?(): Promise<void>;
}

/**
 * Stages and checks the files of a folder, does something with them, and reports.
 * @param spill a folder for the temporary file
 */
export async function checkFolder(
  batch: BatchFolder & { readonly folder: string },
  { skipBadRows = false, progress = SILENT }: CheckOptions,
  spill: string,
  ports: CheckPorts,
  workers: CheckWorkers,
  after: AfterCheck,
): Promise<Omit<ImportReport, 'batch' | 'dryRun'>> {
  const begun = Date.now();
  const staging = new Staging(spill);
  const photos = new PhotoFolder(batch.folder);
  try {
    await stageFiles(staging, batch.files, workers, progress);
    refusePlainPasswords(staging, ports.settings);
    await checkAllPhotos(staging, photos, progress);
    progress.phase('核对', 0);
    await leaveOutForgotten(staging, ports.vault);
    await checkTruncatedNumbers(staging, ports);
    await validateBatch(staging, skipBadRows, ports.vault, recordedValues(ports));
    warnOfTimesAndSeats(staging, ports.catalogue);
    const accepted = staging.files.filter((file) => !isKeptOut(file, skipBadRows));
    await after.handle(staging.files, accepted, progress);
    const files: FileReport[] = [];
    for (const file of staging.files) files.push({ ...reportOn(file, !accepted.includes(file)), ...(await after.report(file, photos)) });
    const sum = (of: (file: FileReport) => number) => files.reduce((total, file) => total + of(file), 0);
    return {
      rows: sum(({ rows }) => rows),
      recorded: sum((file) => file.recorded),
      bad: sum(({ bad }) => bad),
      warnings: sum(({ warningsInAll }) => warningsInAll),
      seconds: (Date.now() - begun) / 1_000,
      files,
      leftAlone: batch.leftAlone,
    };
  } finally {
    progress.end();
    staging.close();
    await after.close?.();
  }
}

async function stageFiles(staging: Staging, files: readonly BatchFile[], workers: CheckWorkers, progress: ImportProgress) {
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

function recordedValues({ vault, catalogue }: CheckPorts) {
  return async (kind: Parameters<Parameters<typeof validateBatch>[3]>[0], values: readonly string[]) =>
    kind === 'candidate' ? (await vault.find(values)).map((id) => id !== undefined) : values.map((value) => catalogue.has(kind, value));
}

export function candidatesAmong(files: readonly StagedFile[]): StagedFile | undefined {
  return files.find(({ name }) => name === 'candidates');
}

/** How many good rows files have. */
export function countGood(files: readonly StagedFile[]): number {
  return files.reduce((total, file) => total + file.countGood(), 0);
}

function reportOn(file: StagedFile, keptOut: boolean): FileReport {
  const { name, rows, bad, repeated, leftOut } = file;
  const said = {
    faults: file.faults(MOST_FAULTS),
    faultsInAll: file.countFaults(),
    warnings: file.warnings(MOST_FAULTS),
    warningsInAll: file.countWarnings(),
  };
  return { file: `${name}.csv`, rows, bad, repeated, leftOut, recorded: 0, keptOut, ...said };
}
