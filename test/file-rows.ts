import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { ImportFile, RowContext, RowFault } from '../src/imports/files/import-file.js';
import { anyGiven } from './decided.js';

type Cells = Readonly<Record<string, string>>;

/** Any UTF-16 code units, with control characters and unpaired surrogates. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
const found: RowContext = { candidateId: 'c1' };

/** Rows of one kind of file, as changes of a valid one. */
export function rowsOf<Row>(file: ImportFile<Row>, good: Cells) {
  const check = (changes: Cells): { row: Row } | { faults: readonly RowFault[] } => {
    const read = file.columns.safeParse({ ...good, ...changes });
    if (!read.success) return { faults: read.error.issues.map(({ path, message }) => ({ column: String(path[0]), reason: message })) };
    const faults = file.faults?.(read.data) ?? [];
    return faults.length > 0 ? { faults } : { row: read.data };
  };
  const row = (changes: Cells = {}): Row => {
    const checked = check(changes);
    if ('faults' in checked) throw new Error(`a row meant to be good has faults: ${JSON.stringify(checked.faults)}`);
    return checked.row;
  };
  return {
    row,
    /** The columns in which a row has faults; none when it is valid. */
    faulted: (changes: Cells): readonly string[] => {
      const checked = check(changes);
      return 'faults' in checked ? checked.faults.map(({ column }) => column) : [];
    },
    reasons: (changes: Cells): readonly string[] => {
      const checked = check(changes);
      return 'faults' in checked ? checked.faults.map(({ reason }) => reason) : [];
    },
    command: (changes: Cells = {}) => file.command(row(changes), anyGiven, found),
    references: (changes: Cells = {}) => file.references(row(changes)).map(({ kind, value, column }) => `${column}: ${kind} ${value}`),
    /** For any values, a row is read or has faults with a Chinese reason and a column of the file; nothing is thrown. */
    neverThrows: () => {
      const names = Object.keys(file.columns.shape);
      const cell = (name: string) => fc.oneof({ weight: 3, arbitrary: fc.constant(good[name] ?? '') }, anyText, fc.string(), fc.constant(''));
      const cells = fc.record(Object.fromEntries(names.map((name) => [name, cell(name)])));
      fc.assert(
        fc.property(cells, (changes) => {
          const checked = check(changes);
          if ('faults' in checked) {
            for (const { column, reason } of checked.faults) {
              expect(names).toContain(column);
              expect(reason).toMatch(/\p{Script=Han}/u);
            }
            expect(new Set(checked.faults.map(({ column }) => column)).size).toBe(checked.faults.length);
            return;
          }
          file.references(checked.row);
          file.defines?.(checked.row);
          file.agreement?.(checked.row);
          for (const { column } of file.warnings?.(checked.row) ?? []) expect(names).toContain(column);
          // a staged row is JSON
          const staged = JSON.parse(JSON.stringify(checked.row)) as Row;
          expect(file.key(staged)).toBe(file.key(checked.row));
          expect(file.stream(staged)).toBe(file.stream(checked.row));
          expect(file.command(staged, anyGiven, found)).toEqual(file.command(checked.row, anyGiven, found));
        }),
      );
    },
  };
}
