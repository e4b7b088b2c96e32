import type { StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { isBusy } from '../../sqlite/sqlite-errors.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { type Append, LogReplaced, type RevisionConflict, type Written } from '../append.js';
import type { Position, Recorded } from '../event.js';
import { type EventPage, EventStore, type Filter } from '../event-store.js';
import type { EventTypes } from '../event-types.js';
import type { AppendOutcome, SentAppend } from '../request-appends.js';
import { ChangeNotifier } from './change-notifier.js';
import { isPosition, type PreparedAppend, positionOf, prepareAppend, RECORDED_COLUMNS, type RecordedRow, rowDecoder, rowOf } from './event-rows.js';
import { openLog, READ_TIMEOUT } from './log-file.js';
import { StreamWriter } from './stream-writer.js';

export interface SqliteEventStoreOptions {
  /** How long others may write between two appends of this one, in ms: 10 for bulk writers. Default 0. */
  readonly pace?: number;
  /** How long an append waits for other writers before it is StoreUnavailable, in ms. Default 10,000. */
  readonly writeTimeout?: number;
  /** Asked before each append. @throws StoreUnavailable */
  readonly assertDiskSpace?: () => void;
}

/** Events that a subscription hands over at a time. */
const PAGE = 1_000;
/** Events that one call of `read` looks at when it has a filter: less than a millisecond's work, since pages are answered between. */
const SCANNED_PER_READ = 1_000;

/** The log as one SQLite file, of which several processes and threads may each have a store. */
export class SqliteEventStore extends EventStore {
  override readonly failedAppendsAreFinal = true;
  private readonly db: SqliteFile;
  private readonly decode: (row: RecordedRow) => Recorded;
  private readonly writer: StreamWriter;
  private readonly changes = new ChangeNotifier(() => this.reading(() => this.otherWrites()));
  private readonly pace: number;
  private readonly writeTimeout: number;
  private readonly assertRoom: () => void;
  private readonly byStream: StatementSync;
  private readonly bySubject: StatementSync;
  private readonly byPosition: StatementSync;
  private readonly all: StatementSync;
  private readonly ofTypes: StatementSync;
  private readonly exceptTypes: StatementSync;
  private readonly ofPrefix: StatementSync;
  private readonly last: StatementSync;
  private readonly dataVersion: StatementSync;

  /** Appends are done one after another, in the order in which they came. */
  private appending: Promise<void> = Promise.resolve();
  /** When the others have had their time, by the monotonic clock in ms. */
  private mayAppendAt = 0;
  private closing: Promise<void> | undefined;

  /**
   * Opens the file, or makes it with its folder.
   * @throws StoreUnavailable when the disk or another process does not let it, DamagedFile, UnusableLog when a newer release has written it
   */
  constructor(
    file: string,
    private readonly types: EventTypes,
    { pace = 0, writeTimeout = 10_000, assertDiskSpace = () => undefined }: SqliteEventStoreOptions = {},
  ) {
    super();
    this.pace = pace;
    this.writeTimeout = writeTimeout;
    this.assertRoom = assertDiskSpace;
    const db = openLog(file);
    this.decode = rowDecoder(types, (text) => db.json(text));
    this.db = db;
    this.writer = new StreamWriter(db);
    const recorded = (which: string) => {
      const statement = db.prepare(`SELECT ${RECORDED_COLUMNS} FROM events JOIN streams ON streams.id = events.stream WHERE ${which}`);
      statement.setReturnArrays(true);
      return statement;
    };
    const inOrder = 'position > ? AND position <= ? ORDER BY position LIMIT ?';
    this.byStream = recorded('name = ? ORDER BY revision');
    this.bySubject = recorded('subject = ? ORDER BY position');
    this.byPosition = recorded('position = ?');
    this.all = recorded(inOrder);
    this.ofTypes = recorded(`type IN (SELECT value FROM json_each(?)) AND ${inOrder}`);
    this.exceptTypes = recorded(`type NOT IN (SELECT value FROM json_each(?)) AND ${inOrder}`);
    this.ofPrefix = recorded(`substr(name, 1, length(?)) = ? AND ${inOrder}`);
    this.last = db.prepare('SELECT coalesce(max(position), 0) AS position FROM events');
    this.dataVersion = db.prepare('PRAGMA data_version');
  }

  async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    this.assertOpen();
    this.assertRoom();
    const writes = appends.map((append) => prepareAppend(append, this.types));
    const before = this.appending;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.appending = promise;
    await before;
    try {
      return await this.writeWhenFree(writes);
    } finally {
      resolve();
    }
  }

  async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return this.reading(() => this.inOneTransaction(() => names.map((name) => this.stream(name))));
  }

  /** What only a deleted WAL holds is not recorded, though it can still be read. */
  override async appendOutcomes(sent: readonly SentAppend[]): Promise<readonly AppendOutcome[]> {
    this.db.assertNotReplaced();
    return super.appendOutcomes(sent);
  }

  async subject(id: string): Promise<readonly Recorded[]> {
    return this.reading(() => rowsOf(this.bySubject.all(id)).map(this.decode));
  }

  async read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    return this.page(after, limit, filter);
  }

  async at(position: Position): Promise<Recorded | undefined> {
    return this.reading(() => (isPosition(position) ? rowsOf(this.byPosition.all(rowOf(position))).map(this.decode)[0] : undefined));
  }

  async head(): Promise<Position> {
    return this.reading(() => positionOf(this.lastRow()));
  }

  /** Rows are counted up one by one, and none goes. */
  async count(after: Position, upTo: Position): Promise<number> {
    if (rowOf(after) > rowOf(upTo) && rowOf(after) > this.reading(() => this.lastRow())) throw new LogReplaced(`the log ends before ${after}`);
    return this.distance(after, upTo);
  }

  distance(after: Position, upTo: Position): number {
    return Math.max(0, rowOf(upTo) - rowOf(after));
  }

  override async splitRange(after: Position, upTo: Position, shares: number): Promise<readonly Position[]> {
    const [from, to] = [rowOf(after), rowOf(upTo)];
    const rows = Array.from({ length: shares - 1 }, (_, at) => from + Math.floor(((to - from) * (at + 1)) / shares));
    return [...new Set(rows.filter((row) => row > from && row < to))].map(positionOf);
  }

  async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    let position = after;
    let atEnd = false;
    while (!signal.aborted) {
      const since = this.changes.version();
      const page = this.page(position, PAGE, filter);
      if (atEnd && page.position === position) {
        await this.changes.changed(since, signal);
        continue;
      }
      await handle(page);
      position = page.position;
      atEnd = page.end;
      await nextTurn(); // a handler that waits for nothing must not keep all else from running
    }
  }

  /** Appends that came before are done first. */
  close(): Promise<void> {
    this.closing ??= this.appending.then(() => this.db.close());
    this.changes.wakeAll();
    return this.closing;
  }

  private stream(name: string): readonly Recorded[] {
    const rows = rowsOf(this.byStream.all(name));
    const last = rows.at(-1);
    if (last) this.writer.cacheEnd(last);
    return rows.map(this.decode);
  }

  /** All rows of a page are read at once: a cursor left open would keep the WAL from being used again. */
  private page(after: Position, limit: number, filter: Filter | undefined): EventPage {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`not a number of events: ${limit}`);
    return this.reading(() => {
      const from = rowOf(after);
      const last = this.lastRow();
      const to = filter ? Math.min(from + SCANNED_PER_READ, last) : last;
      const events = this.rows(from, to, limit, filter).map(this.decode);
      const reached = events.length === limit ? (events.at(-1)?.position ?? after) : positionOf(Math.max(from, to));
      return { events, position: reached, end: rowOf(reached) >= last };
    });
  }

  private rows(from: number, to: number, limit: number, filter: Filter | undefined): readonly RecordedRow[] {
    if (!filter) return rowsOf(this.all.all(from, to, limit));
    if ('types' in filter) return rowsOf(this.ofTypes.all(JSON.stringify(filter.types), from, to, limit));
    if ('except' in filter) return rowsOf(this.exceptTypes.all(JSON.stringify(filter.except), from, to, limit));
    return rowsOf(this.ofPrefix.all(filter.prefix, filter.prefix, from, to, limit));
  }

  /** Writes as soon as the pace is kept and no other connection writes; the event loop goes on meanwhile. */
  private async writeWhenFree(writes: readonly PreparedAppend[]): Promise<readonly (Written | RevisionConflict)[]> {
    const early = this.mayAppendAt - performance.now();
    if (early > 0) await pause(early);
    const until = performance.now() + this.writeTimeout;
    for (;;) {
      const answers = this.write(writes);
      if (answers) return answers;
      if (performance.now() > until) throw new StoreUnavailable(`another process has been writing to the log for ${this.writeTimeout} ms`);
      await pause(1 + Math.random() * 4); // at random: two that wait do not always meet
    }
  }

  /** One transaction, begun and ended in one turn of the event loop; undefined while another connection writes. */
  private write(writes: readonly PreparedAppend[]): readonly (Written | RevisionConflict)[] | undefined {
    if (!this.tryBegin()) return undefined;
    try {
      const now = Date.now();
      const answers = writes.map((write) => this.writer.append(write, now));
      this.db.exec('COMMIT');
      this.mayAppendAt = performance.now() + this.pace;
      this.changes.wakeAll();
      return answers;
    } catch (error) {
      this.writer.clearCache();
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Reads in one transaction: each by itself would lock the file and look at the WAL anew. */
  private inOneTransaction<T>(read: () => T): T {
    this.db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.db.exec('COMMIT');
    }
  }

  private tryBegin(): boolean {
    this.db.exec('PRAGMA busy_timeout = 0'); // otherwise SQLite waits, and the event loop with it
    try {
      this.db.exec('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    } finally {
      this.db.exec(`PRAGMA busy_timeout = ${READ_TIMEOUT}`);
    }
  }

  private reading<T>(read: () => T): T {
    this.assertOpen();
    return read();
  }

  private assertOpen(): void {
    if (this.closing) throw new Error('the event store is closed');
  }

  private lastRow(): number {
    return (this.last.get() as { position: number }).position;
  }

  /** Another number after each commit of another connection, in this process or another. */
  private otherWrites(): number {
    return (this.dataVersion.get() as { data_version: number }).data_version;
  }
}

/** The statements of this file give arrays of the columns RECORDED. */
function rowsOf(rows: readonly unknown[]): readonly RecordedRow[] {
  return rows as readonly RecordedRow[];
}
