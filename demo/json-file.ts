import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DamagedFile } from '../src/sqlite/sqlite-errors.js';

/** Reads a JSON file. @throws DamagedFile when it is empty, not JSON, or of another shape */
export function readJson<Shape extends z.ZodType>(file: string, shape: Shape): z.infer<Shape> {
  try {
    return shape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
    const why = error instanceof SyntaxError ? '内容不是 JSON' : '内容不全';
    throw new DamagedFile(`${file} 已损坏（${why}）：请恢复最近的备份；只是演示数据时，可以移走整个数据文件夹重新开始`, { cause: error });
  }
}
