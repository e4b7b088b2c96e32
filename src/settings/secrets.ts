import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/**
 * The secrets from the settings. Outside production a missing one is generated once and stored in DATA_DIR, so that restarts and
 * other processes on the same folder use the same one.
 * @throws BadSettings when a secret of the settings has the wrong length, DamagedFile when a stored one has been changed
 */
export function loadSecrets(settings: Pick<Settings, 'NODE_ENV' | 'DATA_DIR' | 'SESSION_SECRET' | 'MASTER_KEY'>): Secrets {
  const session = settings.SESSION_SECRET ?? loadOrCreate(settings, 'session-secret', '移走它后再启动，会重新生成，所有人需要重新登录');
  const master = Buffer.from(settings.MASTER_KEY ?? loadOrCreate(settings, 'master-key', '恢复备份的这个文件，没有它，所有个人资料都无法打开'), 'base64');
  if (master.length !== 32) throw new BadSettings(`MASTER_KEY: 32 bytes in base64 are wanted, not ${master.length}`);
  if (session.length < 32) throw new BadSettings('SESSION_SECRET: at least 32 characters are wanted');
  return { session: createSecretKey(Buffer.from(session)), master };
}

function loadOrCreate({ NODE_ENV, DATA_DIR }: Pick<Settings, 'NODE_ENV' | 'DATA_DIR'>, name: string, remedy: string): string {
  if (NODE_ENV === 'production') throw new BadSettings(`${name}: production needs it set, none is generated`);
  makeFolder(DATA_DIR);
  const file = join(DATA_DIR, name);
  const secret = readSecretFile(file) ?? createSecretFile(file);
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
