import { readFileSync } from 'node:fs';
import { DamagedFile } from './sqlite/faults.js';

/** What a file of JSON holds. @throws DamagedFile when it is none, or empty */
export function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedFile(`${file} 已损坏（内容不是 JSON）：请恢复最近的备份；只是演示数据时，可以移走整个数据文件夹重新开始`, { cause: error });
  }
}
