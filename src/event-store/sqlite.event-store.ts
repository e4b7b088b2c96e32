import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type Append, LostRace, type Revision, StoreUnavailable, type Written } from './append.js';
import type { Position, Recorded, Stream } from './event.js';
import { START } from './event.js';
import { EventStore, type Filter, type Page } from './event-store.js';
import { currentVersion, type EventTypes, upcast } from './event-types.js';

export interface SqliteEventStoreOptions {
  /** For bulk writers: milliseconds to leave to other writers after each append. */
  readonly pace?: number;
}

const SCHEMA = 1;
const TABLES = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, subject TEXT) STRICT;
  CREATE INDEX streams_by_subject ON streams (subject) WHERE subject IS NOT NULL;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    version INTEGER NOT NULL, recorded_at INTEGER NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;`;
const COLUMNS = 'position, stream, revision, id, type, version, recorded_at, data, metadata';

/** As EventStoreDB's, so that what is recorded here can go there. */
const LARGEST_APPEND = 1024 * 1024;
/** How many events a filtered read looks at before it answers: it must not hold up the event loop. */
const WINDOW = 20_000;
const PAGE = 2_000;
/** How often a subscription asks whether another process has appended, in milliseconds. */
const LOOK_AGAIN = 20;
const WIDTH = 16;

type Row = readonly [number, number, number, string, string, number, number, string, string];

/** The log in one SQLite file: every append is on the disk (synchronous=FULL) before it is answered. */
export class SqliteEventStore extends EventStore {
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly streamIds = new LRUCache<string, number>({ max: 100_000 });
  private readonly streamsById = new LRUCache<number, Stream>({ max: 100_000 });
  private readonly waiting = new Set<() => void>();

  /**
   * @param file made when it is not there, for its owner alone
   * @param types every event type of this release
   */
  constructor(
    file: string,
    private readonly types: EventTypes,
    private readonly options: SqliteEventStoreOptions = {},
  ) {
    super();
    mkdirSync(dirname(file), { recursive: true });
    this.db = new DatabaseSync(file, { timeout: 10_000 });
    chmodSync(file, 0o600);
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864');
    this.transaction(() => this.prepareSchema(file));
  }

  override async append(appends: readonly Append[]): Promise<readonly (Written | LostRace)[]> {
    const fresh = new Map<string, number>();
    const answers = this.transaction(() => {
      const recordedAt = Date.now();
      return appends.map((append) => this.appendOne(append, recordedAt, fresh));
    });
    for (const [name, id] of fresh) this.streamIds.set(name, id);
    for (const wake of this.waiting) wake();
    if (this.options.pace) await pause(this.options.pace);
    return answers;
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return names.map((name) => {
      const stream = this.streamId(name);
      return stream === undefined ? [] : this.all(`SELECT ${COLUMNS} FROM events WHERE stream = ? ORDER BY revision`, stream);
    });
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.all(`SELECT ${COLUMNS} FROM events WHERE stream IN (SELECT id FROM streams WHERE subject = ?) ORDER BY position`, id);
  }

  override async read(after: Position, limit: number, filter?: Filter): Promise<Page> {
    const from = after === START ? 0 : Number(after);
    const head = this.headNumber();
    const to = filter ? Math.min(head, from + WINDOW) : head;
    const range = `SELECT ${COLUMNS} FROM events WHERE position > ? AND position <= ?`;
    const order = 'ORDER BY position LIMIT ?';
    const events = !filter
      ? this.all(`${range} ${order}`, from, to, limit)
      : 'types' in filter
        ? this.all(`${range} AND type IN (SELECT value FROM json_each(?)) ${order}`, from, to, JSON.stringify(filter.types), limit)
        : this.all(
            `${range} AND EXISTS (SELECT 1 FROM streams WHERE id = stream AND substr(name, 1, ?) = ?) ${order}`,
            from,
            to,
            [...filter.prefix].length,
            filter.prefix,
            limit,
          );
    const last = events.at(-1);
    const reached = last && events.length === limit ? Number(last.position) : Math.max(from, to);
    return { events, position: reached === 0 ? START : positionOf(reached), end: reached >= head };
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    return this.all(`SELECT ${COLUMNS} FROM events WHERE position = ?`, position === START ? 0 : Number(position))[0];
  }

  override async head(): Promise<Position> {
    const head = this.headNumber();
    return head === 0 ? START : positionOf(head);
  }

  override async subscribe(after: Position, filter: Filter | undefined, handle: (page: Page) => Promise<void>, signal: AbortSignal): Promise<void> {
    let position = after;
    let handled = false;
    while (!signal.aborted) {
      const version = this.dataVersion();
      const page = await this.read(position, PAGE, filter);
      if (!handled || page.position > position) {
        await handle(page);
        handled = true;
        position = page.position;
        // between pages others get their turn
        await new Promise(setImmediate);
      }
      if (page.end) await this.change(version, signal);
    }
  }

  override async close(): Promise<void> {
    for (const wake of this.waiting) wake();
    this.db.close();
  }

  /** Resolves when something may have been appended since the given data version, or at the signal. */
  private change(version: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearInterval(timer);
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setInterval(() => {
        if (!this.db.isOpen || this.dataVersion() !== version) done();
      }, LOOK_AGAIN);
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  private appendOne({ stream, expected, events }: Append, recordedAt: number, fresh: Map<string, number>): Written | LostRace {
    let id = fresh.get(stream.name) ?? this.streamId(stream.name);
    const actual = id === undefined ? -1 : this.lastRevision(id);
    const wanted = expected === 'no_stream' ? -1 : expected;
    if (actual !== wanted) return (id !== undefined && this.recordedBefore(id, wanted, events)) || new LostRace(stream.name, expected, revision(actual));
    if (events.length === 0) return { revision: actual, position: id === undefined ? START : this.positionAt(id, actual) };
    if (id === undefined) {
      id = Number(this.prepared('INSERT INTO streams (name, subject) VALUES (?, ?)').run(stream.name, stream.subject ?? null).lastInsertRowid);
      fresh.set(stream.name, id);
    }
    const insert = this.prepared('INSERT INTO events (stream, revision, id, type, version, recorded_at, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    let at = actual;
    let position = 0;
    for (const { id: eventId, type, data, metadata } of events) {
      const text = JSON.stringify(data);
      if (text.length > LARGEST_APPEND) throw new RangeError(`an event of type ${type} is larger than 1 MiB`);
      at += 1;
      position = Number(insert.run(id, at, eventId, type, currentVersion(this.types, type), recordedAt, text, JSON.stringify(metadata)).lastInsertRowid);
    }
    return { revision: at, position: positionOf(position) };
  }

  /** The first answer, when these very events already stand right after the expected revision. */
  private recordedBefore(stream: number, wanted: number, events: Append['events']): Written | undefined {
    if (events.length === 0) return undefined;
    const there = this.prepared('SELECT id, position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?').all(
      stream,
      wanted,
      events.length,
    ) as unknown as readonly (readonly [string, number])[];
    const same = there.length === events.length && there.every(([id], at) => id === events[at]?.id);
    return same ? { revision: wanted + events.length, position: positionOf(there.at(-1)?.[1] as number) } : undefined;
  }

  private lastRevision(stream: number): number {
    const [row] = this.prepared('SELECT max(revision) FROM events WHERE stream = ?').all(stream) as unknown as readonly [number | null][];
    return row?.[0] ?? -1;
  }

  private positionAt(stream: number, at: number): Position {
    const [row] = this.prepared('SELECT position FROM events WHERE stream = ? AND revision = ?').all(stream, at) as unknown as readonly [number][];
    return positionOf(row?.[0] as number);
  }

  private headNumber(): number {
    const [row] = this.prepared('SELECT max(position) FROM events').all() as unknown as readonly [number | null][];
    return row?.[0] ?? 0;
  }

  private dataVersion(): number {
    const [row] = this.prepared('PRAGMA data_version').all() as unknown as readonly [number][];
    return row?.[0] as number;
  }

  private streamId(name: string): number | undefined {
    const known = this.streamIds.get(name);
    if (known !== undefined) return known;
    const [row] = this.prepared('SELECT id FROM streams WHERE name = ?').all(name) as unknown as readonly [number][];
    if (row) this.streamIds.set(name, row[0]);
    return row?.[0];
  }

  private streamOf(id: number): Stream {
    const known = this.streamsById.get(id);
    if (known) return known;
    const [row] = this.prepared('SELECT name, subject FROM streams WHERE id = ?').all(id) as unknown as readonly [string, string | null][];
    if (!row) throw new Error(`the log is damaged: events of stream ${id}, which does not exist`);
    const [name, subject] = row;
    const stream = subject === null ? { name } : { name, subject };
    this.streamsById.set(id, stream);
    return stream;
  }

  private all(sql: string, ...values: readonly (string | number)[]): Recorded[] {
    const rows = this.prepared(sql).all(...values) as unknown as readonly Row[];
    return rows.map((row) => this.decode(row));
  }

  private decode([position, streamId, at, id, type, version, recordedAt, text, metadata]: Row): Recorded {
    const { name, subject } = this.streamOf(streamId);
    const raw = JSON.parse(text);
    const data = upcast(this.types, type, version, raw);
    return {
      type,
      data: data ?? raw,
      id,
      stream: name,
      revision: at,
      position: positionOf(position),
      ...(subject !== undefined && { subject }),
      recordedAt: new Date(recordedAt).toISOString(),
      metadata: JSON.parse(metadata),
      ...(data === undefined && { unknown: true as const }),
    };
  }

  private prepared(sql: string): StatementSync {
    if (!this.db.isOpen) throw new Error('the event store is closed');
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    this.statements.set(sql, statement);
    return statement;
  }

  private transaction<T>(work: () => T): T {
    try {
      this.db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.db.isOpen && this.db.isTransaction) this.db.exec('ROLLBACK');
      throw isUnavailable(error) ? new StoreUnavailable('the log cannot be written now', { cause: error }) : error;
    }
  }

  private prepareSchema(file: string): void {
    const [row] = this.prepared('PRAGMA user_version').all() as unknown as readonly [number][];
    const found = row?.[0] ?? 0;
    if (found > SCHEMA) throw new Error(`${file} was made by a newer release (schema ${found}, this one knows ${SCHEMA})`);
    if (found === 0) this.db.exec(`${TABLES} PRAGMA user_version = ${SCHEMA}`);
  }
}

function positionOf(number: number): Position {
  return String(number).padStart(WIDTH, '0');
}

function revision(number: number): Revision {
  return number < 0 ? 'no_stream' : number;
}

/** Busy beyond the time-out (5), an I/O error (10), or a full disk (13): https://www.sqlite.org/rescode.html */
function isUnavailable(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && [5, 10, 13].includes(error.errcode & 0xff);
}
