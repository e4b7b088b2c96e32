import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../kernel/error-code.js';
import type { ImportFile } from './files/import-file.js';

/** The folder cannot be imported at all. The message is for people. */
export class BadFolder extends Error {
  override readonly name = 'BadFolder';
}

export interface BatchFile {
  readonly kind: ImportFile;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** A folder's files to import, in the order of `kinds`, and the names of everything else except its photos. */
export interface BatchFolder {
  readonly files: readonly BatchFile[];
  readonly leftAlone: readonly string[];
}

/** @throws BadFolder when it is not a folder, cannot be read, or holds no file to import */
export async function openBatch(folder: string, kinds: readonly ImportFile[]): Promise<BatchFolder> {
  const names = await namesIn(folder);
  const files: BatchFile[] = [];
  for (const kind of kinds) {
    const name = `${kind.name}.csv`;
    if (!names.includes(name)) continue;
    const path = join(folder, name);
    const found = await stat(path);
    if (!found.isFile()) throw new BadFolder(`${path} 不是文件`);
    files.push({ kind, path, size: found.size });
  }
  if (files.length === 0) throw new BadFolder(`${folder} 中没有可以导入的文件（例如 candidates.csv）`);
  const ours = new Set(['photos', ...files.map(({ kind }) => `${kind.name}.csv`)]);
  return { files, leftAlone: names.filter((name) => !ours.has(name)).sort() };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new BadFolder(`没有这个文件夹：${folder}`, { cause: error });
    if (code === 'ENOTDIR') throw new BadFolder(`${folder} 不是文件夹`, { cause: error });
    if (code === 'EACCES') throw new BadFolder(`没有权限读取文件夹 ${folder}`, { cause: error });
    throw error;
  }
}
