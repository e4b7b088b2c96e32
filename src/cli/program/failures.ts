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
import { UnstorableDocument } from '../../read-models/read-models.js';
import { NotEnoughSpace } from '../../read-models/rebuilding/disk-space.js';
import { AlreadyReplaying } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange } from '../../read-models/registry.js';
import { BadSettings } from '../../settings/settings.js';
import { REMOVE } from '../../sqlite/remedies.js';
import { DamagedFile, translateSqliteError } from '../../sqlite/sqlite-errors.js';
import { UnfinishedRotation, WrongMasterKey } from '../../vault/master-key.js';
import { BadRotation } from '../../vault/rotation.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { CommandRefused, WrongUse } from './errors.js';
import { EXIT } from './exit-codes.js';
import { Interrupted } from './interrupt.js';
import { messageWithAdvice } from './remedies.js';

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
  [UnstorableDocument, 'unstorable_document', EXIT.differs],
  [UnusableReadModels, 'unusable_read_models', EXIT.differs],
  [UnusableStore, 'unusable_store', EXIT.differs],
  [UnfinishedRotation, 'unfinished_rotation', EXIT.differs],
  [WrongMasterKey, 'wrong_master_key', EXIT.differs],
  [WebProcessStartFailed, 'start_failed', EXIT.differs],
];

/** What stands before messages that are parts of a sentence, by their code. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  bad_settings: '设置有误：',
  log_refused: '事件日志无法使用：',
  start_failed: '无法启动：',
};

/** Codes of failures after which it is not known what was done. */
const UNKNOWN = new Set(['interrupted', 'store_unavailable']);

/** @param mayHaveDone what may have been done all the same, and how to see it; none of a command that changes nothing */
export function failureOf(thrown: unknown, mayHaveDone?: string): Failure {
  // of a temporary database, which is in no file that is opened by name
  const error = translateSqliteError(thrown, '临时文件', REMOVE);
  if (error instanceof FailedElsewhere) return withHint(error.failure, mayHaveDone);
  if (error instanceof WrongUse) return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.wrongUse };
  if (error instanceof CommandRefused) return { code: error.code, message: error.message, exit: EXIT.differs };
  if (error instanceof Refusal) return { code: error.code, message: refusalMessage(error), exit: EXIT.differs };
  const message = error instanceof Error ? messageWithAdvice(error) : String(error);
  const [, code, exit] = KINDS.find(([kind]) => error instanceof kind) ?? [];
  if (code !== undefined && exit !== undefined) return withHint({ code, message: `${BEGINNINGS[code] ?? ''}${message}`, exit }, mayHaveDone);
  if (isSystemError(error)) return systemFailure(error);
  return { code: 'fault', message: `程序出错：${message}`, exit: EXIT.differs, stack: error instanceof Error ? error.stack : undefined };
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: '没有这个文件或文件夹',
  EACCES: '没有权限',
  EPERM: '没有权限',
  EEXIST: '已经有这个文件',
  ENOTDIR: '不是文件夹',
  EISDIR: '是文件夹，不是文件',
  ENOSPC: '磁盘已满，请腾出空间再试',
  EDQUOT: '磁盘的配额已用完，请腾出空间再试',
  EFBIG: '文件超过了允许的大小',
  EROFS: '磁盘是只读的',
  EMFILE: '打开的文件太多',
};

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function systemFailure(error: NodeJS.ErrnoException): Failure {
  const { code = 'system', path, message } = error;
  const known = SYSTEM_ERRORS[code];
  return { code, message: known === undefined ? `系统出错（${message}）` : [known, ...(path === undefined ? [] : [path])].join('：'), exit: EXIT.differs };
}

function withHint(failure: Failure, mayHaveDone: string | undefined): Failure {
  return UNKNOWN.has(failure.code) ? { ...failure, hint: mayHaveDone } : failure;
}
