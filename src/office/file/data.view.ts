import type { Recorded } from '../../event-store/event.js';
import { shownJson } from '../../read-models/differences/shown-json.js';
import { exactMoment } from '../../web/views/formats.js';
import { documentAfter, type PersonDocument } from './person-documents.js';
import { fieldName } from './read-model-names.js';

/** Two moments of a document: after the first so many of its events. */
export interface Moments {
  readonly left: number;
  readonly right: number;
}

/** The moments that are asked for, within what there is; by default what the last event changed. */
export function momentsOf(count: number, asked: { readonly left: number | undefined; readonly right: number | undefined }): Moments {
  const within = (moment: number) => Math.min(count, Math.max(0, moment));
  const right = within(asked.right ?? count);
  return { left: within(asked.left ?? Math.max(0, right - 1)), right };
}

/** How many of the events were recorded by an instant. */
export function countAt(events: readonly Recorded[], instant: string): number {
  return events.filter(({ recordedAt }) => recordedAt <= instant).length;
}

const MARKS = { changed: ['改', 'run'], added: ['增', 'good'], removed: ['删', 'bad'], same: ['同', ''] } as const;

/** A document at two moments, field by field; only what differs unless all is asked for. */
export function dataView(document: PersonDocument, { left, right }: Moments, isAll: boolean) {
  const [before, after] = [documentAfter(document, left), documentAfter(document, right)];
  const empty = document.projection.empty;
  const [leavesBefore, leavesAfter] = [leavesOf(before.document ?? empty), leavesOf(after.document ?? empty)];
  const paths = [...new Set([...leavesAfter.keys(), ...leavesBefore.keys()])];
  const rows = paths.map((path) => {
    const [was, is] = [leavesBefore.get(path), leavesAfter.get(path)];
    const differs = JSON.stringify(was) !== JSON.stringify(is);
    const [mark, tone] = MARKS[!differs ? 'same' : was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'];
    return { path, name: fieldName(path), mark, tone, before: valueText(was), after: valueText(is), differs };
  });
  return {
    rows: isAll ? rows : rows.filter(({ differs }) => differs),
    fault: after.fault ?? before.fault,
    counts: (['改', '增', '删'] as const).map((mark) => ({ mark, count: rows.filter((row) => row.mark === mark).length })),
    total: rows.length,
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A value as it is shown: sealed ones are only named as such, instants in Beijing's time. */
export function valueText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value ? '是' : '否';
  const shown = shownJson(value);
  if (typeof shown === 'string' && INSTANT.test(shown)) return exactMoment(shown);
  return typeof shown === 'string' || typeof shown === 'number' ? String(shown) : JSON.stringify(shown);
}

/** By path, what a document holds; an empty list or object is one value. */
function leavesOf(value: unknown, path: readonly string[] = [], found = new Map<string, unknown>()): Map<string, unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0 && path.length > 0 && value !== undefined) found.set(path.join('.'), value);
  for (const [key, part] of entries) leavesOf(part, [...path, key], found);
  return found;
}
