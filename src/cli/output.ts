import { BadBackup } from '../backup/manifest.js';
import { AnotherInstallation, AnotherLog } from '../composition/own-log.js';
import { UnusableStore } from '../composition/own-stores.js';
import { LogRefused } from '../event-store/append.js';
import { UnusableLog } from '../event-store/sqlite/log-file.js';
import { BadFolder } from '../imports/batch-folder.js';
import { UnreadableInstallation } from '../installation/installation.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { BadDailyFile } from '../payments/reconciliation/bad-daily-file.js';
import { WebProcessStartFailed } from '../processes/web-processes.js';
import { UnusableReadModels } from '../read-models/fingerprints.js';
import { NotEnoughSpace } from '../read-models/rebuilding/disk-space.js';
import { AlreadyReplaying } from '../read-models/rebuilding/replay-lock.js';
import { BadChange } from '../read-models/registry.js';
import { BadSettings } from '../settings/settings.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { UnfinishedRotation, WrongMasterKey } from '../vault/master-key.js';
import { BadRotation } from '../vault/rotation.js';
import { Interrupted } from './interrupt.js';

/** What every command takes. */
export interface CommandOptions {
  /** Ends stdout with one line of JSON. */
  readonly json?: boolean;
}

/** Ignores EPIPE: when the reader of the output stops (`| head`), the command still does its work. */
export function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/**
 * Exits with `process.exitCode` once all output is written. Without it gRPC could keep the process alive for minutes by a connection
 * attempt that outlives its closed channel.
 */
export async function endProcess(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
  process.exit();
}

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Says why a command failed, on stderr and with `json` on stdout too, and lets the process end with 1; with 3 when the log cannot be used
 * at all, or is another one.
 * @param unknown what may have been done all the same when a store did not answer, and how to see it; none of a command that changes nothing
 */
export function reportFailure(error: unknown, json: boolean, unknown?: string): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${isExpected(error) || !(error instanceof Error) ? message : error.stack}\n`);
  if (error instanceof StoreUnavailable && !(error instanceof LogRefused) && unknown !== undefined) process.stderr.write(`${unknown}\n`);
  if (json) printLine(JSON.stringify({ error: message }));
  process.exitCode = [AnotherInstallation, AnotherLog, LogRefused].some((kind) => error instanceof kind) ? 3 : 1;
}

const EXPECTED = [
  AnotherInstallation,
  AnotherLog,
  BadBackup,
  BadDailyFile,
  BadRotation,
  BadSettings,
  BadFolder,
  BadChange,
  DamagedFile,
  AlreadyReplaying,
  Interrupted,
  LogRefused,
  NotEnoughSpace,
  StoreUnavailable,
  UnreadableInstallation,
  UnusableLog,
  UnusableReadModels,
  UnusableStore,
  UnfinishedRotation,
  WrongMasterKey,
  WebProcessStartFailed,
];

/** Errors that the operator can fix, shown without a stack: also system errors of a file or a port. */
export function isExpected(error: unknown): boolean {
  return EXPECTED.some((kind) => error instanceof kind) || (error instanceof Error && 'syscall' in error);
}
