import { type Place, readPiece, type Start } from './files/csv-records.js';
import { headerFaults } from './files/header.js';
import type { Fault, ImportFile, Reference, ReferenceKind } from './files/import-file.js';
import { type Checked, type Row, rowCheck } from './files/row-check.js';

/** What to check: some thousand rows of a file, from where a row begins. */
export interface PieceToCheck {
  /** The name of the file's kind. */
  readonly kind: string;
  readonly path: string;
  readonly from: Start;
  /** The file's columns; the piece at its beginning brings them. */
  readonly header?: readonly string[];
}

/** The first line of a file. */
export interface Header {
  readonly fields: readonly string[];
  readonly place: Place;
  readonly faults: readonly Fault[];
}

/** Rows that are good by themselves, column by column: between threads that costs a fraction of an object for each row. */
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

/** A row that is not, with its fields as they came. */
export interface BadRow {
  readonly place: Place;
  readonly faults: readonly Fault[];
  readonly fields: readonly string[];
}

type Named = Pick<Reference, 'kind' | 'value'>;

export interface CheckedPiece {
  /** When the piece begins the file. */
  readonly header: Header | undefined;
  /** How many rows it has. */
  readonly seen: number;
  /** The rows in their order; none under a wrong header. */
  readonly good: GoodRows;
  readonly bad: readonly BadRow[];
  /** What the good rows refer to, each once. */
  readonly wanted: readonly Named[];
  /** What they are referred to by, with the line that says so. */
  readonly defined: readonly (Named & { readonly line: number })[];
  readonly agreed: readonly { readonly on: string; readonly same: string; readonly line: number }[];
  /** What is to be said of good rows. */
  readonly warned: readonly { readonly line: number; readonly fault: Fault }[];
  /** Where the next piece begins; undefined at the end of the file. */
  readonly next: Start | undefined;
}

/** Reads a piece of a file and checks each row by itself. */
export async function checkPiece(kind: ImportFile, { path, from, header: known }: PieceToCheck): Promise<CheckedPiece> {
  const piece = new Piece(kind);
  let header: Header | undefined;
  let seen = 0;
  let check = known && checkUnder(kind, known);
  const begin = (fields: readonly string[], place: Place, faults: readonly Fault[]) => {
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
      if (checked && 'row' in checked) piece.take(checked.row, place);
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

/** The check of the rows under a header; under a wrong one no row says anything. */
function checkUnder(kind: ImportFile, header: readonly string[]): (fields: readonly string[]) => Checked | undefined {
  return headerFaults(kind, header).length > 0 ? () => undefined : rowCheck(kind, header);
}

class Piece implements Pick<CheckedPiece, 'good' | 'bad' | 'wanted' | 'defined' | 'agreed' | 'warned'> {
  readonly good: GoodRows = { lines: [], starts: [], ends: [], texts: [], keys: [], streams: [] };
  readonly bad: BadRow[] = [];
  readonly wanted: Named[] = [];
  readonly defined: (Named & { readonly line: number })[] = [];
  readonly agreed: { readonly on: string; readonly same: string; readonly line: number }[] = [];
  readonly warned: { readonly line: number; readonly fault: Fault }[] = [];
  private readonly known = new Map<ReferenceKind, Set<string>>();

  constructor(private readonly kind: ImportFile) {}

  take(row: Row, { line, start, end }: Place): void {
    const { kind, good } = this;
    good.lines.push(line);
    good.starts.push(start);
    good.ends.push(end);
    good.texts.push(JSON.stringify(row));
    good.keys.push(kind.key(row));
    good.streams.push(kind.stream(row));
    for (const reference of kind.references(row)) this.want(reference);
    const defined = kind.defines?.(row);
    if (defined) this.defined.push({ ...defined, line });
    const agreement = kind.agreement?.(row);
    for (const fault of kind.warnings?.(row) ?? []) this.warned.push({ line, fault });
    if (agreement) this.agreed.push({ on: agreement.on, same: agreement.same, line });
  }

  private want({ kind, value }: Named): void {
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
