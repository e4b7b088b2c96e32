import { chmod, copyFile, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BadPhoto } from '../vault/photo.js';
import type { PhotoFolder } from './photo-folder.js';
import type { StagedFile } from './staged-file.js';

const CHUNK = 1024 * 1024;

/** Bytes of a file, from `start` up to, not including, `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A folder beside a batch, for its owner alone, with the bad rows as they came, each file under its header, and their
 * photos: mended, it is a batch itself.
 */
export class BadRows {
  private readonly folder: string;

  /** @param at the moment of the import: each has a folder of its own */
  constructor(batch: string, at: Date) {
    const whole = resolve(batch);
    this.folder = join(dirname(whole), `${basename(whole)}-bad-rows-${at.toISOString().replace(/\D/g, '')}`);
  }

  /** Writes the bad rows of a file, all of it when its header is wrong; answers the path written to. */
  async write(file: StagedFile, photos: PhotoFolder): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = join(this.folder, `${file.name}.csv`);
    const [from, to] = await Promise.all([open(file.path), open(path, 'wx', 0o600)]);
    try {
      for (const range of joined(rangesOf(file))) await copy(from, to, range);
      await to.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await Promise.all([from.close(), to.close()]);
    }
    for (const { photo } of file.badPlaces()) if (photo !== null) await this.copyPhoto(photo, photos);
    return path;
  }

  private async copyPhoto(name: string, photos: PhotoFolder): Promise<void> {
    try {
      const from = await photos.within(name);
      const to = join(this.folder, 'photos', name);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await copyFile(from, to);
      await chmod(to, 0o600);
    } catch (error) {
      // the row names a photo that is not there: that is what there is to mend
      if (!(error instanceof BadPhoto)) throw error;
    }
  }
}

function* rangesOf(file: StagedFile): Generator<Range> {
  if (file.headless) yield { start: 0, end: Number.MAX_SAFE_INTEGER };
  else {
    if (file.header) yield file.header.place;
    yield* file.badPlaces();
  }
}

/** Ranges in order, those that touch as one. */
function* joined(ranges: Iterable<Range>): Generator<Range> {
  let last: Range | undefined;
  for (const range of ranges) {
    if (last?.end === range.start) last = { start: last.start, end: range.end };
    else {
      if (last) yield last;
      last = range;
    }
  }
  if (last) yield last;
}

async function copy(from: FileHandle, to: FileHandle, { start, end }: Range): Promise<void> {
  const chunk = Buffer.alloc(Math.min(CHUNK, end - start));
  for (let at = start; at < end; ) {
    const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, end - at), at);
    if (bytesRead === 0) return;
    await to.writeFile(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}
