import { readFile, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { BadPhoto, MAX_PHOTO_BYTES, normalizedPhoto } from '../vault/photo.js';
import type { StagedFile } from './staging/staged-file.js';

/** Photos checked concurrently: as many as libvips and the disk can handle. */
const AT_A_TIME = 8;
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** The photos of a batch: the files below its folder `photos`, without links that lead outside it. */
export class PhotoFolder {
  private readonly folder: string;

  constructor(batch: string) {
    this.folder = resolve(batch, 'photos');
  }

  /**
   * The bytes of a file named by a row.
   * @throws BadPhoto when there is no such file, or it is over 5 MB
   */
  async read(name: string): Promise<Uint8Array> {
    const path = await this.within(name);
    const { size } = await stat(path);
    if (size > MAX_PHOTO_BYTES) throw new BadPhoto('照片超过 5 MB');
    return readFile(path);
  }

  /** The real path of a file named by a row. @throws BadPhoto when it is not in the folder, or not a file */
  async within(name: string): Promise<string> {
    const path = join(this.folder, name);
    if (!path.startsWith(this.folder + sep)) throw new BadPhoto('照片文件不在 photos 文件夹中');
    try {
      const [root, real] = await Promise.all([realpath(this.folder), realpath(path)]);
      if (!real.startsWith(root + sep)) throw new BadPhoto('照片文件不在 photos 文件夹中');
      if ((await stat(real)).isFile()) return real;
    } catch (error) {
      if (!MISSING.has(errorCode(error) ?? '')) throw error;
    }
    throw new BadPhoto('photos 文件夹中没有这个照片文件');
  }
}

/** The name of a row's photo; undefined when it has none. */
export function photoNamed(row: unknown): string | undefined {
  const { photo } = row as { photo?: unknown };
  return typeof photo === 'string' && photo !== '' ? photo : undefined;
}

/** Marks rows as bad whose photo is missing or cannot be used. */
export async function checkPhotos(file: StagedFile, photos: PhotoFolder, progress: (checked: number) => void): Promise<void> {
  let checked = 0;
  for (const rows of file.pages()) {
    const named = rows.flatMap(({ line, text }) => {
      const name = text.includes('"photo":') ? photoNamed(JSON.parse(text)) : undefined;
      return name === undefined ? [] : [{ line, name }];
    });
    for (let at = 0; at < named.length; at += AT_A_TIME) {
      const some = named.slice(at, at + AT_A_TIME);
      const reasons = await Promise.all(some.map(({ name }) => photoFault(photos, name)));
      some.forEach(({ line }, index) => {
        const reason = reasons[index];
        if (reason !== undefined) file.markBad(line, [{ column: 'photo', reason }]);
      });
      checked += some.length;
      progress(checked);
    }
  }
}

async function photoFault(photos: PhotoFolder, name: string): Promise<string | undefined> {
  try {
    await normalizedPhoto(await photos.read(name));
    return undefined;
  } catch (error) {
    if (error instanceof BadPhoto) return error.message;
    throw error;
  }
}
