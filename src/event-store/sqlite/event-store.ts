import type { StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { arrayQuery, type Query } from '../../sqlite/query.js';
import { isBusy } from '../../sqlite/sqlite-errors.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { type Append, LogReplaced, type RevisionConflict, type Written } from '../append.js';
import type { Position, Recorded } from '../event.js';
import { type EventPage, EventStore, type Filter } from '../event-store.js';
import type { EventTypes } from '../event-types.js';
import type { RecordedCommands } from '../recorded-commands.js';
import type { AppendOutcome, SentAppend } from '../request-appends.js';
import { ChangeNotifier } from './change-notifier.js';
import { isPosition, type PreparedAppend, positionOf, prepareAppend, RECORDED_COLUMNS, type RecordedRow, rowDecoder, rowOf } from './event-rows.js';
import { openLog, READ_TIMEOUT } from './log-file.js';
import { COMMANDS_OF_STREAM, type CommandRow, commandsIn } from './stream-commands.js';
import { StreamWriter } from './stream-writer.js';

export interface SqliteEventStoreOptions {
  /** Milliseconds between two appends in which other processes can write: 10 for bulk writers. Default 0. */
  readonly pace?: number;
  /** Milliseconds that an append waits for other writers before it is StoreUnavailable. Default 10,000. */
  readonly writeTimeout?: number;
  /** KiB of pages that are kept. Default 32 MiB. */
  readonly cache?: number;
  /** Called before each append. @throws StoreUnavailable */
  readonly assertDiskSpace?: () => void;
}

/** Events per page of a subscription. */
const PAGE = 1_000;
/** Events that `read` examines when it has a filter: less than a millisecond's work, so that pages are served in between. */
const SCANNED_PER_READ = 1_000;

/** The log in one SQLite file, which several processes and threads can open. */
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
  private readonly commandRows: Query<CommandRow>;
  private readonly bySubject: StatementSync;
  private readonly byPosition: StatementSync;
  private readonly all: StatementSync;
  private readonly ofTypes: StatementSync;
  private readonly exceptTypes: StatementSync;
  private readonly ofPrefix: StatementSync;
  private readonly last: StatementSync;
  private readonly dataVersion: StatementSync;

  /** Resolves when the previous append is done: appends run one after another. */
  private appending: Promise<void> = Promise.resolve();
  /** When the next append may begin, by the monotonic clock in ms. */
  private mayAppendAt = 0;
  private closing: Promise<void> | undefined;

  /**
   * Opens the file, or creates it with its folder.
   * @throws StoreUnavailable, DamagedFile, UnusableLog when a newer release has written it
   */
  constructor(
    file: string,
    private readonly types: EventTypes,
    { pace = 0, writeTimeout = 10_000, cache, assertDiskSpace = () => undefined }: SqliteEventStoreOptions = {},
  ) {
    super();
    this.pace = pace;
    this.writeTimeout = writeTimeout;
    this.assertRoom = assertDiskSpace;
    const db = openLog(file, cache);
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
    this.commandRows = arrayQuery(db, COMMANDS_OF_STREAM);
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

  override async commandsOf(names: readonly string[]): Promise<readonly (RecordedCommands | undefined)[]> {
    return this.reading(() => this.inOneTransaction(() => names.map((name) => commandsIn(this.commandRows.all(name), this.types))));
  }

  /** Events that only a deleted WAL holds do not count as recorded, though they can still be read. */
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

  /** Row numbers are consecutive, and rows are never deleted. */
  async count(after: Position, upTo: Position): Promise<number> {
    if (rowOf(after) > rowOf(upTo) && rowOf(after) > this.reading(() => this.lastRow())) throw new LogReplaced(`日志在位置 ${after} 之前就结束了`);
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

  override async positionBack(from: Position, events: number): Promise<Position> {
    return positionOf(Math.max(0, rowOf(from) - events));
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
      await nextTurn(); // lets other work run when the handler never awaits
    }
  }

  /** Closes the file after the current appends. */
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

  /** Reads all rows of a page at once, because an open cursor would keep the WAL from being reused. */
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

  /** Writes as soon as `pace` has passed and no other connection writes, without blocking the event loop. */
  private async writeWhenFree(writes: readonly PreparedAppend[]): Promise<readonly (Written | RevisionConflict)[]> {
    const early = this.mayAppendAt - performance.now();
    if (early > 0) await pause(early);
    const until = performance.now() + this.writeTimeout;
    for (;;) {
      const answers = this.write(writes);
      if (answers) return answers;
      if (performance.now() > until) throw new StoreUnavailable(`另一个程序写日志已超过 ${this.writeTimeout} 毫秒，请稍后再试`);
      await pause(1 + Math.random() * 4); // random, so that two waiting processes do not collide each time
    }
  }

  /** Writes in one synchronous transaction; undefined while another connection writes. */
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

  /** Reads in one transaction: separate reads would each lock the file and check the WAL. */
  private inOneTransaction<T>(read: () => T): T {
    this.db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.db.exec('COMMIT');
    }
  }

  private tryBegin(): boolean {
    this.db.exec('PRAGMA busy_timeout = 0'); // otherwise SQLite would wait and block the event loop
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

  /** A number that changes with each commit of another connection, of any process. */
  private otherWrites(): number {
    return (this.dataVersion.get() as { data_version: number }).data_version;
  }
}

/** The statements of this file return arrays of the columns RECORDED_COLUMNS. */
function rowsOf(rows: readonly unknown[]): readonly RecordedRow[] {
  return rows as readonly RecordedRow[];
}
