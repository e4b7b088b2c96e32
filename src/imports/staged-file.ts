import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { arrayQuery, query } from '../sqlite/query.js';
import type { CheckedPiece, Header } from './check-piece.js';
import { fieldsAt, type Place } from './files/csv-records.js';
import type { Fault, ImportFile } from './files/import-file.js';
import type { Row } from './files/row-check.js';
import { shownValue } from './files/shown-value.js';

/** Why a row is bad and where it stands; `value` is such that it can be shown. Line 1 is the header. */
export interface ReportedFault extends Fault {
  readonly line: number;
  readonly value: string;
}

/** Where a bad row stands, and the photo that it names. */
export interface BadPlace extends Place {
  readonly photo: string | null;
}

/** As it is kept: a value that is null is looked up in the file once it is shown. */
interface KeptFault extends Fault, Pick<Place, 'line' | 'start' | 'end'> {
  readonly value: string | null;
}

/** A good row as it waits to be recorded. */
export interface StagedRow {
  readonly line: number;
  /** The row as JSON: the same text for the same values. */
  readonly text: string;
}

export interface StreamRow extends StagedRow {
  readonly stream: string;
}

const PAGE = 2_000;

/** The rows of one file: the good ones by key, the bad ones by line, and what the good ones refer to. */
export class StagedFile {
  /** Rows read, good or bad, the header apart. */
  rows = 0;
  /** Bad rows; a wrong header is one. */
  bad = 0;
  /** Rows that say what an earlier one of the file says. */
  repeated = 0;
  header: Header | undefined;
  /** The header is wrong: no row was taken in. */
  headless = false;
  /** Rows of one stream stand together already. */
  private sorted = true;
  private lastStream = '';
  /** With the columns `line`, `row` (JSON) and `bad`. */
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

  /** The file's first line was read. */
  begin(header: Header): void {
    this.header = header;
    this.headless = header.faults.length > 0;
    if (this.headless) this.refuse(header.place, header.faults, []);
  }

  /** Takes the rows of a piece in. One of a known key is passed over when it says the same; otherwise both are bad. */
  take({ seen, good, bad, wanted, defined, agreed, warned }: CheckedPiece): void {
    const { statements } = this;
    this.rows += seen;
    const again = new Set<number>();
    good.texts.forEach((text, at) => {
      const place = { line: good.lines[at] as number, start: good.starts[at] as number, end: good.ends[at] as number };
      if (!this.takeGood(place, text, good.keys[at] as string, good.streams[at] as string)) again.add(place.line);
    });
    for (const { kind, value } of wanted) statements.wanted.run(kind, value);
    for (const { kind, value, line } of defined) if (!again.has(line)) statements.defined.run(kind, value, line);
    for (const { on, same, line } of agreed) if (!again.has(line)) statements.agreed.run(on, same, line);
    for (const { line, fault } of warned) if (!again.has(line)) this.warn(line, fault);
    for (const { place, faults, fields } of bad) this.refuse(place, faults, fields);
  }

  /** Whether the row was taken in. */
  private takeGood(place: Place, text: string, key: string, stream: string): boolean {
    const { line, start, end } = place;
    if (this.statements.row.run(line, start, end, key, stream, text).changes === 0) {
      this.takeAgain(place, text, key);
      return false;
    }
    if (stream < this.lastStream) this.sorted = false;
    this.lastStream = stream;
    return true;
  }

  private takeAgain(place: Place, text: string, key: string): void {
    const first = this.statements.byKey.get(key) as { line: number; row: string };
    if (first.row === text) {
      this.repeated++;
      return;
    }
    const before = JSON.parse(first.row) as Row;
    const row = JSON.parse(text) as Row;
    const column = Object.keys(this.kind.columns.shape).find((name) => JSON.stringify(before[name]) !== JSON.stringify(row[name])) ?? '';
    this.spoil(first.line, [{ column, reason: `与第 ${place.line} 行是同一条记录，内容却不同` }]);
    this.putBad(place, photoOf(row));
    this.statements.fault.run(place.line, column, null, `与第 ${first.line} 行是同一条记录，内容却不同`);
  }

  /** A record that was not taken in is bad. */
  private refuse(place: Place, faults: readonly Fault[], fields: readonly string[]): void {
    this.putBad(place, this.valueAmong(fields, 'photo') || null);
    for (const { column, reason } of faults) {
      this.statements.fault.run(place.line, column, shownValue(this.name, column, this.valueAmong(fields, column)), reason);
    }
  }

  private putBad({ line, start, end }: Place, photo: string | null): void {
    if (this.statements.bad.run(line, start, end, photo).changes > 0) this.bad++;
  }

  private valueAmong(fields: readonly string[], column: string): string {
    return fields[this.header?.fields.indexOf(column) ?? -1] ?? '';
  }

  /** A row that was taken in turns out to be bad. */
  spoil(line: number, faults: readonly Fault[]): void {
    const { start, end, row } = this.statements.byLine.get(line) as { start: number; end: number; row: string };
    this.statements.spoil.run(line);
    this.putBad({ line, start, end }, photoOf(JSON.parse(row)));
    for (const { column, reason } of faults) this.statements.fault.run(line, column, null, reason);
  }

  /** Something to be said of a row, which stays good. */
  warn(line: number, { column, reason }: Fault): void {
    this.statements.warning.run(line, column, null, reason);
  }

  row(line: number): Row {
    return JSON.parse((this.statements.byLine.get(line) as { row: string }).row) as Row;
  }

  /** Good rows in the file's order, a page at a time; meanwhile rows may be spoilt. */
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

  /** Good rows in the order of their streams, those of a stream in the file's order. */
  *inStreams(): Generator<StreamRow, undefined> {
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

  /** Where the bad rows stand, in the file's order. */
  *badPlaces(): Generator<BadPlace> {
    yield* query<BadPlace>(this.database, `SELECT line, start, end, photo FROM bad WHERE file = ${this.index} ORDER BY line`).iterate();
  }

  /** The first faults by line. */
  faults(most: number): readonly ReportedFault[] {
    const faults = query<KeptFault>(
      this.database,
      `SELECT line, column, value, reason, start, end FROM faults JOIN bad USING (file, line) WHERE file = ${this.index} ORDER BY line, faults.rowid LIMIT ?`,
    );
    return faults.all(most).map((each) => this.reported(each));
  }

  /** The first warnings by line; what is said of rows that turned out to be bad is left out. */
  warnings(most: number): readonly ReportedFault[] {
    const warnings = query<KeptFault>(
      this.database,
      `SELECT line, column, value, reason, start, end FROM warnings JOIN ${this.table} USING (line) WHERE ${this.ofGoodRows()} ORDER BY line, warnings.rowid LIMIT ?`,
    );
    return warnings.all(most).map((each) => this.reported(each));
  }

  private reported({ line, column, reason, value, start, end }: KeptFault): ReportedFault {
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
