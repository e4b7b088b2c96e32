import type { Differing, DifferingDocuments, DifferingKind } from '../../read-models/verifying/differing.js';

const KINDS: Readonly<Record<DifferingKind, string>> = {
  changed: '内容与事件不符',
  missing: '缺少',
  extra: '多出，没有事件',
  position: '内容相符，但处理到的位置与事件不符',
  listing: '内容相符，但索引的值不符',
  types: '内容相符，但存成了别的类型，或者有多余的字段',
  unreadable: '不是 JSON，无法读取',
};

/** The documents that differ, for people: by kind, by field and some of them; none where none differs. */
export function linesOfFound({ keys, kinds, fields, examples }: DifferingDocuments): readonly string[] {
  const lines = Object.entries(kinds).map(([kind, count]) => `  ${KINDS[kind as DifferingKind]}：${count} 个`);
  for (const { field, documents } of fields) lines.push(`  字段 ${field || '整个文档'}：${documents} 个文档`);
  for (const each of examples) for (const line of linesOfDiffering(each)) lines.push(`  ${line}`);
  if (keys.length > examples.length) lines.push(`  以上是其中 ${examples.length} 个`);
  return lines;
}

/** In what a stored document differs. */
export function linesOfDiffering({ key, kind, fields }: Differing): readonly string[] {
  const value = (each: object, name: 'fromLog' | 'stored') => (name in each ? JSON.stringify((each as Record<string, unknown>)[name]) : '（无）');
  const what = kind === 'listing' ? '索引 ' : '';
  return [
    `${key}：${KINDS[kind]}`,
    ...fields.map((each) => `  ${what}${each.path || '整个文档'}：应为 ${value(each, 'fromLog')}，存为 ${value(each, 'stored')}`),
  ];
}
