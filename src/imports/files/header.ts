import type { Fault, ImportFile } from './import-file.js';

/** A column's name as our files have them; what else stands in a first line may be a person's data, and is not shown. */
const COLUMN_NAME = /^[a-z][a-z_]{0,39}$/;
/** What is read where bytes are not UTF-8. */
const BROKEN = '\uFFFD';

/** What is wrong with a file's first line: its columns may come in any order, each exactly once, and no others. */
export function headerFaults({ columns }: Pick<ImportFile, 'columns'>, header: readonly string[]): readonly Fault[] {
  if (header.some((name) => name.includes(BROKEN))) return [{ column: '', reason: '文件不是 UTF-8 编码' }];
  const known = Object.keys(columns.shape);
  const missing = known.filter((name) => !header.includes(name)).map((name) => ({ column: name, reason: '标题行缺少这一列' }));
  const wrong = header.flatMap((name, at) => {
    const column = COLUMN_NAME.test(name) ? name : `第 ${at + 1} 列`;
    if (!known.includes(name)) return [{ column, reason: '标题行中有不认识的列' }];
    return header.indexOf(name) < at ? [{ column, reason: '标题行中这一列重复' }] : [];
  });
  return [...missing, ...wrong];
}
