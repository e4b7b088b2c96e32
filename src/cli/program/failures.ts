import { BadBackup } from '../../backup/manifest.js';
import { AnotherInstallation, AnotherLog } from '../../composition/starting/assert-own-log.js';
import { UnusableStore } from '../../composition/starting/own-stores.js';
import { LogRefused } from '../../event-store/append.js';
import { Refusal } from '../../event-store/refusal.js';
import { UnusableLog } from '../../event-store/sqlite/log-file.js';
import { BadFolder } from '../../imports/batch-folder.js';
import { UnreadableInstallation } from '../../installation/installation.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { BadDailyFile } from '../../payments/reconciliation/bad-daily-file.js';
import { WebProcessStartFailed } from '../../processes/web-processes.js';
import { UnusableReadModels } from '../../read-models/fingerprints.js';
import { NotEnoughSpace } from '../../read-models/rebuilding/disk-space.js';
import { AlreadyReplaying } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange } from '../../read-models/registry.js';
import { BadSettings } from '../../settings/settings.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { UnfinishedRotation, WrongMasterKey } from '../../vault/master-key.js';
import { BadRotation } from '../../vault/rotation.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { CommandRefused, WrongUse } from './errors.js';
import { EXIT } from './exit-codes.js';
import { Interrupted } from './interrupt.js';

/** Why a command failed; it can be handed between threads. */
export interface Failure {
  /** Stable English, for programs. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  readonly exit: number;
  /** How to go on. */
  readonly hint?: string | undefined;
  /** Of a fault of the code. */
  readonly stack?: string | undefined;
}

/** A failure that came from another thread. */
export class FailedElsewhere extends Error {
  override readonly name = 'FailedElsewhere';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

type Kind = abstract new (...args: never[]) => Error;

/** What the operator can mend, by its code; a kind stands before those that it is one of. */
const KINDS: readonly (readonly [kind: Kind, code: string, exit: number])[] = [
  [Interrupted, 'interrupted', EXIT.interrupted],
  [BadSettings, 'bad_settings', EXIT.wrongUse],
  [AnotherInstallation, 'another_installation', EXIT.unreachable],
  [AnotherLog, 'another_log', EXIT.unreachable],
  [LogRefused, 'log_refused', EXIT.unreachable],
  [StoreUnavailable, 'store_unavailable', EXIT.unreachable],
  [BadChange, 'refused', EXIT.differs],
  [BadBackup, 'bad_backup', EXIT.differs],
  [BadDailyFile, 'bad_daily_file', EXIT.differs],
  [BadFolder, 'bad_folder', EXIT.differs],
  [BadRotation, 'bad_rotation', EXIT.differs],
  [DamagedFile, 'damaged_file', EXIT.differs],
  [AlreadyReplaying, 'already_replaying', EXIT.differs],
  [NotEnoughSpace, 'not_enough_space', EXIT.differs],
  [UnreadableInstallation, 'unreadable_installation', EXIT.differs],
  [UnusableLog, 'unusable_log', EXIT.differs],
  [UnusableReadModels, 'unusable_read_models', EXIT.differs],
  [UnusableStore, 'unusable_store', EXIT.differs],
  [UnfinishedRotation, 'unfinished_rotation', EXIT.differs],
  [WrongMasterKey, 'wrong_master_key', EXIT.differs],
  [WebProcessStartFailed, 'start_failed', EXIT.differs],
];

/** What stands before a message in English, by its code: those messages are those of the log too, where programs look for them. */
const IN_CHINESE: Readonly<Record<string, string>> = {
  bad_settings: '设置有误：',
  another_installation: '这里有另一个中心：',
  another_log: '这不是这个中心的事件日志：',
  log_refused: '事件日志无法使用：',
  store_unavailable: '存储现在无法使用：',
  unreadable_installation: '事件日志无法使用：',
  unusable_log: '事件日志无法使用：',
  unusable_read_models: '读模型无法使用：',
  unfinished_rotation: '主密钥的更换没有完成：',
  wrong_master_key: '主密钥不对：',
  start_failed: '无法启动：',
};
const HAN = /\p{Script=Han}/u;

/** Codes of failures after which it is not known what was done. */
const UNKNOWN = new Set(['interrupted', 'store_unavailable']);

/** @param mayHaveDone what may have been done all the same, and how to see it; none of a command that changes nothing */
export function failureOf(error: unknown, mayHaveDone?: string): Failure {
  if (error instanceof FailedElsewhere) return withHint(error.failure, mayHaveDone);
  if (error instanceof WrongUse) return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.wrongUse };
  if (error instanceof CommandRefused) return { code: error.code, message: error.message, exit: EXIT.differs };
  if (error instanceof Refusal) return { code: error.code, message: refusalMessage(error), exit: EXIT.differs };
  const message = error instanceof Error ? error.message : String(error);
  const [, code, exit] = KINDS.find(([kind]) => error instanceof kind) ?? [];
  if (code !== undefined && exit !== undefined) return withHint({ code, message: inChinese(code, message), exit }, mayHaveDone);
  if (error instanceof Error && 'syscall' in error) return { code: 'code' in error ? String(error.code) : 'system', message, exit: EXIT.differs };
  return { code: 'fault', message, exit: EXIT.differs, stack: error instanceof Error ? error.stack : undefined };
}

function inChinese(code: string, message: string): string {
  return HAN.test(message) ? message : `${IN_CHINESE[code] ?? ''}${message}`;
}

function withHint(failure: Failure, mayHaveDone: string | undefined): Failure {
  return UNKNOWN.has(failure.code) ? { ...failure, hint: mayHaveDone } : failure;
}
