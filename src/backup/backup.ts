import { existsSync, statSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { positionOf } from '../event-store/sqlite/event-rows.js';
import { damagesOfLog, type StreamRules } from '../event-store/sqlite/log-integrity.js';
import { beijing } from '../kernel/beijing-time.js';
import { inMegabytes } from '../kernel/megabytes.js';
import { type StoreSettings } from '../settings/settings.js';
import { copySqlite } from '../sqlite/copy-sqlite.js';
import { REBUILD, RESTORE } from '../sqlite/remedies.js';
import { LAST_BACKUP, noteBackup } from './last-backup.js';
import { type BackupManifest, BadBackup, entryOf, flushFolder, readBackupManifest, writeBackupManifest } from './manifest.js';
import { copyPhotos, photosIn, type SealedPhoto } from './sealed-photos.js';

/** Reports progress in bytes, phase by phase. */
export interface BackupProgress {
  phase(name: string, total: number): void;
  step(done: number): void;
  end(): void;
}

export interface BackupOptions {
  /** The folder of an earlier backup: its photos are hard-linked, not copied. */
  readonly previous?: string | undefined;
  readonly progress: BackupProgress;
  /** By which the log is checked. */
  readonly rules: StreamRules;
}

const LOG = 'events.sqlite';
const VAULT = 'vault.sqlite';
const READ_MODELS = 'read-models.sqlite';
const PHOTOS = 'photos';
/** By file, why it is in no backup. */
const OMITTED = {
  'login-tallies.sqlite': 'counts of failed logins, which are made anew',
  [LAST_BACKUP]: 'which backup was made last, which the next one changes',
  reserve: 'room that is kept free on the disk, which is made anew',
};
/** Files that are never changed: generated secrets, and the demo's accounts. */
const SMALL = ['master-key', 'session-secret', 'demo.json'];

/**
 * Copies what the centre has in DATA_DIR into a folder, while processes work on it: read models, then the log, then the
 * vault and the photos, so that no read model has seen what is not in the log, and no event lacks its key. Where the log is
 * elsewhere, read models are left out: whatever is restored of the log, they would have seen more.
 * @throws BadBackup when the folder has something in it, or there is nothing to copy, no room for it, or damage in it; DamagedFile
 */
export async function backUp(settings: StoreSettings, folder: string, { previous, progress, rules }: BackupOptions): Promise<BackupManifest> {
  const { DATA_DIR: data } = settings;
  const without = leftOut(settings);
  const files = databasesOf(data, without);
  const earlier = previous === undefined ? undefined : join(previous, PHOTOS);
  if (previous !== undefined) await readBackupManifest(previous);
  const madeAt = beijing(new Date());
  await prepareFolder(folder);
  await assertRoom(folder, data, files, earlier);
  for (const name of files) {
    progress.phase(name, statSync(join(data, name)).size);
    const remedy = `没有备份。${name === READ_MODELS ? REBUILD : RESTORE}`;
    await copySqlite(join(data, name), join(folder, name), remedy, (done) => progress.step(done));
    assertSound(join(folder, name), `${join(data, name)} 已损坏，${remedy}`, rules);
  }
  const photos = await photosIn(join(data, PHOTOS));
  progress.phase(PHOTOS, bytesOf(photos));
  let done = 0;
  await copyPhotos(photos, join(data, PHOTOS), join(folder, PHOTOS), earlier, (bytes) => {
    done += bytes;
    progress.step(done);
  });
  const small = SMALL.filter((name) => existsSync(join(data, name)));
  for (const name of small) await copySmall(join(data, name), join(folder, name));
  await flushFolder(folder);
  const position = files.includes(LOG) ? headOf(join(folder, LOG)) : null;
  const entries = [];
  for (const name of [...files, ...small]) entries.push(await entryOf(folder, name));
  const manifest: BackupManifest = {
    format: 1,
    madeAt,
    position,
    files: entries,
    photos: { files: photos.length, bytes: bytesOf(photos) },
    without,
    omitted: OMITTED,
  };
  await writeBackupManifest(folder, manifest);
  await noteBackup(data, folder, manifest);
  progress.end();
  return manifest;
}

/**
 * Reads a backup through, and answers its manifest.
 * @throws BadBackup when it is half, or not as it was written
 */
export async function checkBackup(folder: string, rules: StreamRules): Promise<BackupManifest> {
  const manifest = await readBackupManifest(folder);
  for (const entry of manifest.files) {
    const { name } = entry;
    if (!existsSync(join(folder, name))) throw new BadBackup(`${name} 不在备份中`);
    const { bytes, sha256 } = await entryOf(folder, name);
    if (bytes !== entry.bytes || sha256 !== entry.sha256) throw new BadBackup(`${name} 与备份时不同，不能使用`);
    if (name.endsWith('.sqlite')) assertSound(join(folder, name), `${name} 已损坏，不能使用`, rules);
  }
  const photos = await photosIn(join(folder, PHOTOS));
  if (photos.length !== manifest.photos.files || bytesOf(photos) !== manifest.photos.bytes) throw new BadBackup('照片与备份时不同，不能使用');
  return manifest;
}

function leftOut({ EVENT_STORE_URL, READ_MODELS_URL }: StoreSettings): BackupManifest['without'] {
  const without: BackupManifest['without'] = [];
  if (EVENT_STORE_URL !== undefined || READ_MODELS_URL !== undefined) without.push('read-models');
  if (EVENT_STORE_URL !== undefined) without.push('log');
  if (READ_MODELS_URL !== undefined) without.push('vault');
  return without;
}

/** In the order in which they are copied. Missing read models can be rebuilt from the log. */
function databasesOf(data: string, without: BackupManifest['without']): readonly string[] {
  const isHere = (name: string) => existsSync(join(data, name));
  const needed = [...(without.includes('log') ? [] : [LOG]), ...(without.includes('vault') ? [] : [VAULT])];
  const missing = needed.find((name) => !isHere(name));
  if (missing) throw new BadBackup(`${data} 中没有 ${missing}，没有可以备份的数据（数据文件夹由 DATA_DIR 指定）`);
  return [...(without.includes('read-models') || !isHere(READ_MODELS) ? [] : [READ_MODELS]), ...needed];
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BadBackup(`${folder} 不是空文件夹：请给出一个新的文件夹`);
  const handle = await open(folder, 'r');
  try {
    await handle.chmod(0o700);
  } finally {
    await handle.close();
  }
}

/** A disk that is full is one on which nothing more can be recorded, where it is the centre's own. */
const SPARE = 256 * 1024 * 1024;

async function assertRoom(folder: string, data: string, files: readonly string[], earlier: string | undefined): Promise<void> {
  const sizes = files.flatMap((name) => [name, `${name}-wal`]).map((name) => statSync(join(data, name), { throwIfNoEntry: false })?.size ?? 0);
  const known = new Set(earlier === undefined ? [] : (await photosIn(earlier)).map(({ name }) => name));
  const photos = (await photosIn(join(data, PHOTOS))).filter(({ name }) => !known.has(name));
  const wanted = sizes.reduce((all, size) => all + size, SPARE) + bytesOf(photos);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < wanted) throw new BadBackup(`${folder} 所在磁盘的空间不够：需要 ${inMegabytes(wanted)} MB，只有 ${inMegabytes(bavail * bsize)} MB`);
}

async function copySmall(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function headOf(log: string): string {
  const db = new DatabaseSync(log, { readOnly: true });
  try {
    return positionOf((db.prepare('SELECT coalesce(max(position), 0) AS position FROM events').get() as { position: number }).position);
  } finally {
    db.close();
  }
}

/** By SQLite's own check, and of the log that no event is missing or changed. @throws BadBackup */
function assertSound(file: string, words: string, rules: StreamRules): void {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const { answer } = db.prepare('SELECT quick_check AS answer FROM pragma_quick_check').get() as { answer: string };
    if (answer !== 'ok') throw new BadBackup(`${words}（${answer.replaceAll('\n', ' ')}）`);
    if (basename(file) !== LOG) return;
    const damages = damagesOfLog(db, rules, 'whole');
    if (damages.length > 0) throw new BadBackup(`${words}（${damages.join('；')}）`);
  } catch (error) {
    throw error instanceof BadBackup ? error : new BadBackup(`${words}（${(error as Error).message}）`, { cause: error });
  } finally {
    db.close();
  }
}

function bytesOf(photos: readonly SealedPhoto[]): number {
  return photos.reduce((all, { bytes }) => all + bytes, 0);
}
