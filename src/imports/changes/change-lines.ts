import type { FieldChanges, FileChanges, SomeRows } from './file-changes.js';

/** Changes from one value to another that are listed of a column. */
const MAX_LISTED = 5;

/** What the rows of a file would change, for people. */
export function* changeLines(changes: FileChanges): Generator<string> {
  const { created, corrected, unchanged, reverts, passwords, fields, toPassed, toFailed } = changes;
  const parts = [`新增 ${created} 行`, `更改 ${corrected} 行`, `不变 ${unchanged} 行`, passwords > 0 && `设置密码 ${passwords} 个`];
  yield `  将会：${parts.filter(Boolean).join('，')}`;
  yield* changesOfFields(fields);
  if (toFailed.rows > 0) yield `  合格变为不合格：${someLines(toFailed)}`;
  if (toPassed.rows > 0) yield `  不合格变为合格：${someLines(toPassed)}`;
  if (reverts.rows > 0) yield `  改回后来已被替换的内容（不加 --revert 则拒绝）：${someLines(reverts)}`;
}

type ShownField = Omit<FieldChanges, 'examples'> & {
  readonly examples: readonly { readonly line?: number; readonly before: string; readonly after: string }[];
};

/** What changes by column, for people. */
export function* changesOfFields(fields: readonly ShownField[]): Generator<string> {
  for (const { column, rows, values, examples } of fields) {
    yield `  ${column} 更改 ${rows} 行`;
    if (values && values.length <= MAX_LISTED) for (const { before, after, rows: count } of values) yield `    ${changed(before, after)}　${count} 行`;
    else for (const { line, before, after } of examples) yield `    例如${line === undefined ? '' : `第 ${line} 行`}：${changed(before, after)}`;
  }
}

function changed(before: string, after: string): string {
  return `${before || '（空）'} → ${after || '（空）'}`;
}

function someLines({ rows, lines }: SomeRows): string {
  return `${rows} 行（第 ${lines.join('、')} 行${rows > lines.length ? '……' : ''}）`;
}
