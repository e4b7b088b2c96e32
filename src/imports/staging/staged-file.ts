import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { arrayQuery, query } from '../../sqlite/query.js';
import { fieldsAt, type RecordLocation } from '../files/csv-records.js';
import type { ImportFile, RowFault } from '../files/import-file.js';
import type { Row } from '../files/row-check.js';
import { shownValue } from '../files/shown-value.js';
import type { CheckedPiece, Header } from './check-piece.js';

/** A fault with its line, 1 being the header, and the value in a form that may be shown. */
export interface ReportedFault extends RowFault {
  readonly line: number;
  readonly value: string;
}

/** The location of a bad row, and the name of its photo. */
export interface BadLocation extends RecordLocation {
  readonly photo: string | null;
}

/** A fault as it is stored. When `value` is null, it is read from the file when the fault is shown. */
interface StoredFault extends RowFault, Pick<RecordLocation, 'line' | 'start' | 'end'> {
  readonly value: string | null;
}

/** A good row that waits to be recorded. */
export interface StagedRow {
  readonly line: number;
  /** The row as JSON: the same text for the same values. */
  readonly text: string;
}

export interface StreamRow extends StagedRow {
  readonly stream: string;
}

const PAGE = 2_000;

/** The rows of one file: good ones by key, bad ones by line, and the values that good ones refer to. */
export class StagedFile {
  /** Rows read, good or bad, without the header. */
  rows = 0;
  /** Bad rows, including a wrong header. */
  bad = 0;
  /** Rows identical to an earlier one of the file. */
  repeated = 0;
  /** Good rows that are not to be recorded. */
  leftOut = 0;
  header: Header | undefined;
  /** The header is wrong, so no rows were staged. */
  hasBadHeader = false;
  /** Whether the file is sorted by stream. */
  private sorted = true;
  private lastStream = '';
  /** The name of the file's table, with the columns `line`, `row` (JSON) and `bad`. */
  readonly table: string;
  private readonly statements: Readonly<
    Record<'row' | 'byKey' | 'byLine' | 'spoil' | 'bad' | 'fault' | 'warning' | 'wanted' | 'defined' | 'agreed', StatementSync>
  >;

  constructor(
    private readonly database: DatabaseSync,
    readonly index: number,
    readonly kind: ImportFile,
    readonly path: string,
    /** In bytes. */
    readonly size: number,
  ) {
    this.table = `rows_${index}`;
    database.exec(`CREATE TABLE ${this.table} (line INTEGER PRIMARY KEY, start INTEGER, end INTEGER, key TEXT UNIQUE, stream TEXT, row TEXT, bad INTEGER)`);
    this.statements = {
      row: database.prepare(`INSERT INTO ${this.table} VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (key) DO NOTHING`),
      byKey: database.prepare(`SELECT line, row FROM ${this.table} WHERE key = ?`),
      byLine: database.prepare(`SELECT start, end, row FROM ${this.table} WHERE line = ?`),
      spoil: database.prepare(`UPDATE ${this.table} SET bad = 1 WHERE line = ?`),
      bad: database.prepare(`INSERT INTO bad VALUES (${index}, ?, ?, ?, ?) ON CONFLICT DO NOTHING`),
      fault: database.prepare(`INSERT INTO faults VALUES (${index}, ?, ?, ?, ?)`),
      warning: database.prepare(`INSERT INTO warnings VALUES (${index}, ?, ?, ?, ?)`),
      wanted: database.prepare('INSERT INTO wanted VALUES (?, ?, NULL) ON CONFLICT DO NOTHING'),
      defined: database.prepare(`INSERT INTO defined VALUES (?, ?, ${index}, ?) ON CONFLICT DO NOTHING`),
      agreed: database.prepare(`INSERT INTO agreed VALUES (${index}, ?, ?, ?) ON CONFLICT DO NOTHING`),
    };
  }

  get name(): string {
    return this.kind.name;
  }

  /** To be called with the file's first line. */
  setHeader(header: Header): void {
    this.header = header;
    this.hasBadHeader = header.faults.length > 0;
    if (this.hasBadHeader) this.addBad(header.place, header.faults, []);
  }

  /** Stages the rows of a piece. A row with a known key is ignored when it is identical; otherwise both rows are bad. */
  addPiece({ seen, good, bad, wanted, defined, agreed, warned }: CheckedPiece): void {
    const { statements } = this;
    this.rows += seen;
    const again = new Set<number>();
    good.texts.forEach((text, at) => {
      const place = { line: good.lines[at] as number, start: good.starts[at] as number, end: good.ends[at] as number };
      if (!this.addGood(place, text, good.keys[at] as string, good.streams[at] as string)) again.add(place.line);
    });
    for (const { kind, value } of wanted) statements.wanted.run(kind, value);
    for (const { kind, value, line } of defined) if (!again.has(line)) statements.defined.run(kind, value, line);
    for (const { on, same, line } of agreed) if (!again.has(line)) statements.agreed.run(on, same, line);
    for (const { line, fault } of warned) if (!again.has(line)) this.warn(line, fault);
    for (const { place, faults, fields } of bad) this.addBad(place, faults, fields);
  }

  /** Whether the row was staged. */
  private addGood(place: RecordLocation, text: string, key: string, stream: string): boolean {
    const { line, start, end } = place;
    if (this.statements.row.run(line, start, end, key, stream, text).changes === 0) {
      this.addRepeated(place, text, key);
      return false;
    }
    if (stream < this.lastStream) this.sorted = false;
    this.lastStream = stream;
    return true;
  }

  private addRepeated(place: RecordLocation, text: string, key: string): void {
    const first = this.statements.byKey.get(key) as { line: number; row: string };
    if (first.row === text) {
      this.repeated++;
      return;
    }
    const before = JSON.parse(first.row) as Row;
    const row = JSON.parse(text) as Row;
    const column = Object.keys(this.kind.columns.shape).find((name) => JSON.stringify(before[name]) !== JSON.stringify(row[name])) ?? '';
    this.markBad(first.line, [{ column, reason: `与第 ${place.line} 行是同一条记录，内容却不同` }]);
    this.putBad(place, photoOf(row));
    this.statements.fault.run(place.line, column, null, `与第 ${first.line} 行是同一条记录，内容却不同`);
  }

  /** Stores a record as bad that was not staged. */
  private addBad(place: RecordLocation, faults: readonly RowFault[], fields: readonly string[]): void {
    this.putBad(place, this.valueAmong(fields, 'photo') || null);
    for (const { column, reason } of faults) {
      this.statements.fault.run(place.line, column, shownValue(this.name, column, this.valueAmong(fields, column)), reason);
    }
  }

  private putBad({ line, start, end }: RecordLocation, photo: string | null): void {
    if (this.statements.bad.run(line, start, end, photo).changes > 0) this.bad++;
  }

  private valueAmong(fields: readonly string[], column: string): string {
    return fields[this.header?.fields.indexOf(column) ?? -1] ?? '';
  }

  /** Marks a staged row as bad. */
  markBad(line: number, faults: readonly RowFault[]): void {
    const { start, end, row } = this.statements.byLine.get(line) as { start: number; end: number; row: string };
    this.statements.spoil.run(line);
    this.putBad({ line, start, end }, photoOf(JSON.parse(row)));
    for (const { column, reason } of faults) this.statements.fault.run(line, column, null, reason);
  }

  /** Adds a warning to a row, which stays good. */
  warn(line: number, { column, reason }: RowFault): void {
    this.statements.warning.run(line, column, null, reason);
  }

  /** Excludes a good row from what is recorded, with the reason as a warning; its file stands. */
  leaveOut(line: number, reason: RowFault): void {
    this.statements.spoil.run(line);
    this.leftOut++;
    this.warn(line, reason);
  }

  row(line: number): Row {
    return JSON.parse((this.statements.byLine.get(line) as { row: string }).row) as Row;
  }

  /** Good rows in the file's order, page by page. Rows may be marked bad meanwhile. */
  *pages(): Generator<readonly StagedRow[]> {
    const page = query<StagedRow>(this.database, `SELECT line, row AS text FROM ${this.table} WHERE line > ? AND bad = 0 ORDER BY line LIMIT ${PAGE}`);
    for (let after = 0; ; ) {
      const rows = page.all(after);
      const last = rows.at(-1);
      if (!last) return;
      yield rows;
      after = last.line;
    }
  }

  /** Good rows sorted by stream, within a stream in the file's order. */
  *byStream(): Generator<StreamRow, undefined> {
    const rows = arrayQuery<readonly [line: number, text: string, stream: string]>(
      this.database,
      `SELECT line, row, stream FROM ${this.table} WHERE bad = 0 ORDER BY ${this.sorted ? 'line' : 'stream, line'}`,
    );
    for (const [line, text, stream] of rows.iterate()) yield { line, text, stream };
    return undefined;
  }

  countGood(): number {
    return Number((this.database.prepare(`SELECT count(*) AS good FROM ${this.table} WHERE bad = 0`).get() as { good: number }).good);
  }

  /** The locations of bad rows, in the file's order. */
  *badLocations(): Generator<BadLocation> {
    yield* query<BadLocation>(this.database, `SELECT line, start, end, photo FROM bad WHERE file = ${this.index} ORDER BY line`).iterate();
  }

  /** The first faults by line. */
  faults(most: number): readonly ReportedFault[] {
    const faults = query<StoredFault>(
      this.database,
      `SELECT line, column, value, reason, start, end FROM faults JOIN bad USING (file, line) WHERE file = ${this.index} ORDER BY line, faults.rowid LIMIT ?`,
    );
    return faults.all(most).map((each) => this.reported(each));
  }

  /** The first warnings by line, without those about bad rows. */
  warnings(most: number): readonly ReportedFault[] {
    const warnings = query<StoredFault>(
      this.database,
      `SELECT line, column, value, reason, start, end FROM warnings JOIN ${this.table} USING (line) WHERE ${this.ofGoodRows()} ORDER BY line, warnings.rowid LIMIT ?`,
    );
    return warnings.all(most).map((each) => this.reported(each));
  }

  private reported({ line, column, reason, value, start, end }: StoredFault): ReportedFault {
    return { line, column, reason, value: value ?? shownValue(this.name, column, this.valueAmong(fieldsAt(this.path, { start, end }), column)) };
  }

  countWarnings(): number {
    return Number((this.database.prepare(`SELECT count(*) AS warnings FROM warnings WHERE ${this.ofGoodRows()}`).get() as { warnings: number }).warnings);
  }

  private ofGoodRows(): string {
    return `warnings.file = ${this.index} AND NOT EXISTS (SELECT 1 FROM bad WHERE bad.file = warnings.file AND bad.line = warnings.line)`;
  }

  countFaults(): number {
    return Number((this.database.prepare(`SELECT count(*) AS faults FROM faults WHERE file = ${this.index}`).get() as { faults: number }).faults);
  }
}

function photoOf({ photo }: Row): string | null {
  return typeof photo === 'string' ? photo : null;
}
