import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner, makeFolder } from '../kernel/file-owner.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { BadSettings, type Settings } from './settings.js';

export interface Secrets {
  /** Signs session cookies. */
  readonly session: KeyObject;
  /** 32 bytes: wraps every candidate's key. */
  readonly master: Uint8Array;
}

const SESSION_SECRET: StoredSecret = { name: 'session-secret', remedy: '移走它后再启动，会重新生成，所有人需要重新登录' };
const MASTER_KEY: StoredSecret = { name: 'master-key', remedy: '恢复备份的这个文件，没有它，所有个人资料都无法打开', usedBy: 'vault.sqlite' };

/**
 * The secrets from the settings. Outside production a missing one is generated once and stored in DATA_DIR, so that restarts and
 * other processes on the same folder use the same one.
 * @throws BadSettings when a secret of the settings has the wrong length, DamagedFile when a stored one has been changed or is gone
 */
export function loadSecrets(settings: Pick<Settings, 'NODE_ENV' | 'DATA_DIR' | 'SESSION_SECRET' | 'MASTER_KEY'>): Secrets {
  const session = settings.SESSION_SECRET ?? loadOrCreate(settings, SESSION_SECRET);
  const master = Buffer.from(settings.MASTER_KEY ?? loadOrCreate(settings, MASTER_KEY), 'base64');
  if (master.length !== 32) throw new BadSettings(`MASTER_KEY: 应为 base64 写的 32 个字节，现在是 ${master.length} 个`);
  if (session.length < 32) throw new BadSettings('SESSION_SECRET: 至少要有 32 个字符');
  return { session: createSecretKey(Buffer.from(session)), master };
}

interface StoredSecret {
  readonly name: string;
  /** What the operator does about a damaged or missing one. */
  readonly remedy: string;
  /** The file that was made with it, beside which no other secret is generated. */
  readonly usedBy?: string;
}

function loadOrCreate({ NODE_ENV, DATA_DIR }: Pick<Settings, 'NODE_ENV' | 'DATA_DIR'>, { name, remedy, usedBy }: StoredSecret): string {
  if (NODE_ENV === 'production') throw new BadSettings(`${name}: 正式运行时必须设置，不会自动生成`);
  makeFolder(DATA_DIR);
  const file = join(DATA_DIR, name);
  const isUsed = usedBy !== undefined && existsSync(join(DATA_DIR, usedBy)); // asked first: another process may be making both
  const stored = readSecretFile(file);
  if (stored === undefined && isUsed) throw new DamagedFile(`${file} 不见了，而 ${usedBy} 还在：请${remedy}`);
  const secret = stored ?? createSecretFile(file);
  if (!SECRET_FORMAT.test(secret)) throw new DamagedFile(`${file} 已损坏：请${remedy}`);
  return secret;
}

/** 32 bytes in base64. */
const SECRET_FORMAT = /^[A-Za-z0-9+/]{43}=$/;

/** When several processes start at once, the first to link its draft wins; all of them then read that file. */
function createSecretFile(file: string): string {
  const draft = `${file}.${randomUUID()}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, randomBytes(32).toString('base64'));
    fsyncSync(handle);
    inheritOwner(draft);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

function readSecretFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
