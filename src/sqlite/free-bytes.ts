import { statfsSync } from 'node:fs';

/** A disk with fewer free bytes counts as full. */
export const FULL_BELOW = 1024 * 1024;

/** What the operator does about a full disk of DATA_DIR. */
export const MAKE_ROOM = '数据文件夹（DATA_DIR）所在的磁盘已满：请腾出空间，之后会自己继续；不要删除 DATA_DIR 中的文件';

/** Bytes that this process can still write to the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
