import { chmod, copyFile, type FileHandle, open, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import { inheritOwner, makeFolder } from '../kernel/file-owner.js';
import { BadPhoto } from '../vault/photo.js';
import { BadFolder } from './batch-folder.js';
import type { FileReport } from './import-report.js';
import type { PhotoFolder } from './photo-folder.js';
import type { StagedFile } from './staging/staged-file.js';

const CHUNK = 1024 * 1024;

/** Bytes of a file, from `start` up to, not including, `end`. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Prints the bytes of bad rows, with their file's header, when no folder can be created. */
export type PrintBadRows = (file: string, bytes: Uint8Array) => void;

/** Where the bad rows of a file were written. */
export type WrittenBadRows = Pick<FileReport, 'badRowsIn' | 'badRowsPrinted'>;

/**
 * A private folder beside a batch with its bad rows unchanged, each file with its header, and their photos: once corrected it is a batch
 * itself. It is created before anything is recorded. When it cannot be, on a read-only medium or without permission, the rows are
 * printed.
 */
export class BadRows {
  private constructor(
    private readonly folder: string | undefined,
    private readonly print: PrintBadRows,
  ) {}

  /**
   * @param at the time of the import, which gives each import its own folder
   * @throws BadFolder when the folder cannot be created and `print` is missing
   */
  static async beside(batch: string, at: Date, print: PrintBadRows | undefined): Promise<BadRows> {
    const whole = resolve(batch);
    const folder = join(dirname(whole), `${basename(whole)}-bad-rows-${at.toISOString().replace(/\D/g, '')}`);
    const refused = (): never => {
      throw new BadFolder(`无法在 ${dirname(whole)} 中建立存放有错行的文件夹`);
    };
    try {
      makeFolder(folder);
      return new BadRows(folder, print ?? refused);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return new BadRows(undefined, print ?? refused());
    }
  }

  /** Writes the bad rows of a file, or the whole file when its header is wrong. */
  async write(file: StagedFile, photos: PhotoFolder): Promise<WrittenBadRows> {
    if (this.folder === undefined) return this.printed(file);
    const path = join(this.folder, `${file.name}.csv`);
    try {
      await writeRows(file, path);
      for (const { photo } of file.badLocations()) if (photo !== null) await this.copyPhoto(photo, photos, this.folder);
    } catch (error) {
      // the good rows are recorded already, so a full disk must not lose the bad ones
      if (errorCode(error) === undefined) throw error;
      return this.printed(file);
    }
    return { badRowsIn: path };
  }

  /** Removes the folder when nothing was bad. */
  async close(): Promise<void> {
    if (this.folder !== undefined && (await readdir(this.folder)).length === 0) await rmdir(this.folder);
  }

  private async printed(file: StagedFile): Promise<WrittenBadRows> {
    const from = await open(file.path);
    try {
      for (const range of joined(rangesOf(file))) await copy(from, async (bytes) => this.print(`${file.name}.csv`, bytes), range);
      this.print(`${file.name}.csv`, Buffer.from('\n'));
    } finally {
      await from.close();
    }
    return { badRowsPrinted: true };
  }

  private async copyPhoto(name: string, photos: PhotoFolder, folder: string): Promise<void> {
    try {
      const from = await photos.within(name);
      const to = join(folder, 'photos', name);
      makeFolder(dirname(to));
      await copyFile(from, to);
      await chmod(to, 0o600);
      inheritOwner(to);
    } catch (error) {
      // the photo is missing, which is the fault to correct
      if (!(error instanceof BadPhoto)) throw error;
    }
  }
}

async function writeRows(file: StagedFile, path: string): Promise<void> {
  const [from, to] = await Promise.all([open(file.path), open(path, 'wx', 0o600)]);
  try {
    inheritOwner(path);
    for (const range of joined(rangesOf(file))) await copy(from, (bytes) => to.writeFile(bytes), range);
    await to.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
}

function* rangesOf(file: StagedFile): Generator<Range> {
  if (file.hasBadHeader) yield { start: 0, end: Number.MAX_SAFE_INTEGER };
  else {
    if (file.header) yield file.header.place;
    yield* file.badLocations();
  }
}

/** Merges adjacent ranges. */
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

async function copy(from: FileHandle, take: (bytes: Uint8Array) => Promise<void>, { start, end }: Range): Promise<void> {
  const chunk = Buffer.alloc(Math.min(CHUNK, end - start));
  for (let at = start; at < end; ) {
    const { bytesRead } = await from.read(chunk, 0, Math.min(chunk.length, end - at), at);
    if (bytesRead === 0) return;
    await take(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}
