import { constants, type Dirent } from 'node:fs';
import { copyFile, link, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { errorCode } from '../kernel/error-code.js';
import { folderEntries } from '../kernel/folder-entries.js';
import { flushFolder } from './manifest.js';

/** Photos that are copied at the same time. */
const CONCURRENCY = 8;

/** A sealed photo. It never changes, and its name is unique. */
export interface SealedPhoto {
  /** Folder and file, such as `3f/018f….Zm9v`. */
  readonly name: string;
  readonly bytes: number;
}

/** All photos of a folder, in no order; none where there is no such folder. */
export async function photosIn(folder: string): Promise<readonly SealedPhoto[]> {
  const folders = (await folderEntries(folder)).filter((entry) => entry.isDirectory());
  const names = await pMap(folders, async ({ name }) => (await folderEntries(join(folder, name))).filter(isWhole).map((file) => join(name, file.name)), {
    concurrency: CONCURRENCY,
  });
  return pMap(names.flat(), async (name) => ({ name, bytes: (await stat(join(folder, name))).size }), { concurrency: CONCURRENCY });
}

/** A draft that is being written has a third part in its name. */
function isWhole(entry: Dirent): boolean {
  return entry.isFile() && entry.name.split('.').length === 2;
}

/**
 * Copies photos into another folder, which is created; they are durable when this resolves.
 * @param earlier a folder of an earlier backup: photos that are there are hard-linked
 */
export async function copyPhotos(
  photos: readonly SealedPhoto[],
  from: string,
  to: string,
  earlier: string | undefined,
  step: (bytes: number) => void,
): Promise<void> {
  const folders = new Set(photos.map(({ name }) => join(to, name, '..')));
  for (const folder of [to, ...folders]) await mkdir(folder, { recursive: true, mode: 0o700 });
  await pMap(
    photos,
    async ({ name, bytes }) => {
      const linked = earlier !== undefined && (await linkedFrom(join(earlier, name), join(to, name)));
      if (!linked) await copyWhole(join(from, name), join(to, name));
      step(bytes);
    },
    { concurrency: CONCURRENCY },
  );
  for (const folder of [...folders, to]) await flushFolder(folder);
}

async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The file is missing or on another disk, or the disk has no links: the photo is copied then. */
const NOT_LINKED = new Set<string | undefined>(['ENOENT', 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS']);

async function linkedFrom(file: string, to: string): Promise<boolean> {
  try {
    await link(file, to);
    return true;
  } catch (error) {
    if (NOT_LINKED.has(errorCode(error))) return false;
    throw error;
  }
}
