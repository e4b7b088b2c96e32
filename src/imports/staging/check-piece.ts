import { type RecordLocation, type RecordStart, readPiece } from '../files/csv-records.js';
import { headerFaults } from '../files/header.js';
import type { ImportFile, Reference, ReferenceKind, RowFault } from '../files/import-file.js';
import { type CheckedRow, type Row, rowCheck } from '../files/row-check.js';

/** A piece of a file to check: some thousand rows from the beginning of a row. */
export interface PieceToCheck {
  /** The name of the file's kind. */
  readonly kind: string;
  readonly path: string;
  readonly from: RecordStart;
  /** The file's columns; missing for the first piece, which contains them. */
  readonly header?: readonly string[];
}

/** The first line of a file. */
export interface Header {
  readonly fields: readonly string[];
  readonly place: RecordLocation;
  readonly faults: readonly RowFault[];
}

/** Rows that are good by themselves, column by column: much cheaper to pass between threads than an object for each row. */
export interface GoodRows {
  readonly lines: number[];
  /** Where the rows begin and end, in bytes of the file. */
  readonly starts: number[];
  readonly ends: number[];
  /** The rows as JSON: the same text for the same values. */
  readonly texts: string[];
  readonly keys: string[];
  readonly streams: string[];
}

/** A bad row with its original fields. */
export interface BadRow {
  readonly place: RecordLocation;
  readonly faults: readonly RowFault[];
  readonly fields: readonly string[];
}

type ReferencedValue = Pick<Reference, 'kind' | 'value'>;

export interface CheckedPiece {
  /** Only in the first piece of a file. */
  readonly header: Header | undefined;
  /** How many rows it has. */
  readonly seen: number;
  /** The good rows in order; none when the header is wrong. */
  readonly good: GoodRows;
  readonly bad: readonly BadRow[];
  /** The values that good rows refer to, each once. */
  readonly wanted: readonly ReferencedValue[];
  /** The values that good rows define, with their lines. */
  readonly defined: readonly (ReferencedValue & { readonly line: number })[];
  readonly agreed: readonly { readonly on: string; readonly same: string; readonly line: number }[];
  /** Warnings about good rows. */
  readonly warned: readonly { readonly line: number; readonly fault: RowFault }[];
  /** Where the next piece begins; undefined at the end of the file. */
  readonly next: RecordStart | undefined;
}

/** Reads a piece of a file and checks each row by itself. */
export async function checkPiece(kind: ImportFile, { path, from, header: known }: PieceToCheck): Promise<CheckedPiece> {
  const piece = new PieceChecks(kind);
  let header: Header | undefined;
  let seen = 0;
  let check = known && checkUnder(kind, known);
  const begin = (fields: readonly string[], place: RecordLocation, faults: readonly RowFault[]) => {
    header = { fields, place, faults };
    check = checkUnder(kind, fields);
  };
  const next = await readPiece(path, from, {
    record(fields, place) {
      if (!check) {
        begin(fields, place, headerFaults(kind, fields));
        return;
      }
      seen++;
      const checked = check(fields);
      if (checked && 'row' in checked) piece.addGood(checked.row, place);
      else if (checked) piece.bad.push({ place, faults: checked.faults, fields });
    },
    broken(reason, place) {
      if (!check) {
        begin([], place, [{ column: '', reason: `标题行无法读取：${reason}` }]);
        return;
      }
      seen++;
      piece.bad.push({ place, faults: [{ column: '', reason }], fields: [] });
    },
  });
  const { good, bad, wanted, defined, agreed, warned } = piece;
  return { header, seen, good, bad, wanted, defined, agreed, warned, next };
}

/** The check of rows for a header; with a wrong header no row is checked. */
function checkUnder(kind: ImportFile, header: readonly string[]): (fields: readonly string[]) => CheckedRow | undefined {
  return headerFaults(kind, header).length > 0 ? () => undefined : rowCheck(kind, header);
}

class PieceChecks implements Pick<CheckedPiece, 'good' | 'bad' | 'wanted' | 'defined' | 'agreed' | 'warned'> {
  readonly good: GoodRows = { lines: [], starts: [], ends: [], texts: [], keys: [], streams: [] };
  readonly bad: BadRow[] = [];
  readonly wanted: ReferencedValue[] = [];
  readonly defined: (ReferencedValue & { readonly line: number })[] = [];
  readonly agreed: { readonly on: string; readonly same: string; readonly line: number }[] = [];
  readonly warned: { readonly line: number; readonly fault: RowFault }[] = [];
  private readonly known = new Map<ReferenceKind, Set<string>>();

  constructor(private readonly kind: ImportFile) {}

  addGood(row: Row, { line, start, end }: RecordLocation): void {
    const { kind, good } = this;
    good.lines.push(line);
    good.starts.push(start);
    good.ends.push(end);
    good.texts.push(JSON.stringify(row));
    good.keys.push(kind.key(row));
    good.streams.push(kind.stream(row));
    for (const reference of kind.references(row)) this.addReference(reference);
    const defined = kind.defines?.(row);
    if (defined) this.defined.push({ ...defined, line });
    const agreement = kind.agreement?.(row);
    for (const fault of kind.warnings?.(row) ?? []) this.warned.push({ line, fault });
    if (agreement) this.agreed.push({ on: agreement.on, same: agreement.same, line });
  }

  private addReference({ kind, value }: ReferencedValue): void {
    let values = this.known.get(kind);
    if (!values) {
      values = new Set();
      this.known.set(kind, values);
    }
    if (values.has(value)) return;
    values.add(value);
    this.wanted.push({ kind, value });
  }
}
