import type { ImportFile, RowFault } from './import-file.js';

/** The form of a column's name. Anything else in the first line may be personal data and is not shown. */
const COLUMN_NAME = /^[a-z][a-z_]{0,39}$/;
/** What invalid UTF-8 is decoded as. */
const BROKEN = '\uFFFD';

/** The faults of a file's header, which must have each column exactly once, in any order, and no others. */
export function headerFaults({ columns }: Pick<ImportFile, 'columns'>, header: readonly string[]): readonly RowFault[] {
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
