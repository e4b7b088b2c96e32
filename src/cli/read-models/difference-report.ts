import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { DateTime } from 'luxon';
import { isNone } from '../../read-models/differences/difference.js';
import type { CountedDocuments, Difference, Example } from '../../read-models/differences/difference-tally.js';
import { projectRoot } from '../../web/views/view-files.js';
import { beijingJson } from '../program/beijing-time.js';

/** Characters of a value that a report shows. */
const MOST = 600;
/** Keys that it names where it shows no more than that. */
const MAX_KEYS = 20;

const KINDS = [
  { of: 'added', name: '多出的文档' },
  { of: 'removed', name: '缺少的文档' },
  { of: 'changed', name: '改变的文档' },
] as const;

/** A difference in words, for a terminal. @param what is said of the first, such as that it is served */
export function differenceLines(difference: Difference, what = ''): readonly string[] {
  const { one, other, compared, fields, moving, newlyQuarantined } = difference;
  const begin = `${other} 与${what || ' '}${one}：比较了 ${compared} 个文档`;
  if (isNone(difference)) return [`${begin}，没有差异`];
  const lines = [`${begin}，${KINDS.map(({ of, name }) => `${name} ${difference[of].documents} 个`).join('，')}`];
  for (const { field, documents } of fields) lines.push(`  字段 ${field}：${documents} 个文档`);
  for (const { of, name } of KINDS)
    for (const { key, lines: each } of shownExamples(difference[of])) lines.push(`  ${name} ${key}`, ...each.map((line) => `    ${line.text}`));
  if (moving.documents > 0) lines.push(`  一直在变化、无法比较的文档 ${moving.documents} 个，如 ${moving.examples.join('、')}`);
  if (newlyQuarantined.length > 0) lines.push(`  新被隔离的文档 ${newlyQuarantined.length} 个：${newlyQuarantined.slice(0, MAX_KEYS).join('、')}`);
  return lines;
}

/** Differences as a page that needs nothing beside itself. @param at when they were found */
export function differencePage(differences: readonly Difference[], at: Date): string {
  const template = Handlebars.compile(readFileSync(join(projectRoot, 'views/replay/difference.hbs'), 'utf8'), { strict: true });
  return template({
    at: DateTime.fromJSDate(at).setZone('Asia/Shanghai').toFormat('yyyy年M月d日 HH:mm'),
    differences: differences.map((difference) => ({
      ...difference,
      none: isNone(difference),
      newlyQuarantined: difference.newlyQuarantined.slice(0, MAX_KEYS),
      quarantined: difference.newlyQuarantined.length,
      kinds: KINDS.map(({ of, name }) => ({
        name,
        documents: difference[of].documents,
        examples: shownExamples(difference[of]),
        more: difference[of].documents - difference[of].examples.length,
      })),
    })),
  });
}

function shownExamples({ examples }: CountedDocuments) {
  return examples.map(({ key, fields }) => ({ key, lines: fields.map(shownField) }));
}

function shownField({ path, ...values }: Example['fields'][number]) {
  const [before, after] = ['before' in values ? textOf(values.before) : '（无）', 'after' in values ? textOf(values.after) : '（无）'];
  return { path: path || '整个文档', before, after, text: `${path || '整个文档'}：${before} → ${after}` };
}

function textOf(value: unknown): string {
  const text = value === undefined ? '（无）' : beijingJson(value);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
