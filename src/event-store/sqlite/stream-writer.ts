import type { StatementSync } from 'node:sqlite';
import { lruCache } from '../../kernel/lru-cache.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { RevisionConflict, type Written } from '../append.js';
import { START } from '../event.js';
import { type PreparedAppend, positionOf, type RecordedRow } from './event-rows.js';

/** The end of a stream. */
interface StreamEnd {
  readonly id: number;
  readonly subject: string | null;
  readonly revision: number;
}

/** SQLITE_CONSTRAINT_UNIQUE */
const UNIQUE = 2067;

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === UNIQUE;
}

/** About 10 MB. Deciding reads a stream just before it appends, and looking up its end again costs more than the insert. */
const CACHED_STREAMS = 50_000;

/** Appends events to streams, inside a transaction of the caller. */
export class StreamWriter {
  private readonly insertStream: StatementSync;
  private readonly insertEvent: StatementSync;
  private readonly ending: StatementSync;
  private readonly at: StatementSync;
  private readonly endings = lruCache<StreamEnd>(CACHED_STREAMS);

  constructor(db: SqliteFile) {
    this.insertStream = db.prepare('INSERT INTO streams (name, subject) VALUES (?, ?)');
    this.insertEvent = db.prepare('INSERT INTO events (stream, revision, id, type, version, recorded_at, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.ending = db.prepare('SELECT id, subject, (SELECT max(revision) FROM events WHERE stream = streams.id) AS revision FROM streams WHERE name = ?');
    this.at = db.prepare('SELECT position, id FROM events WHERE stream = ? AND revision = ?');
  }

  /**
   * One append at `now` (ms since 1970), with the results of EventStoreDB 22.10. At the expected revision the events are written,
   * whatever their ids. When the same events follow the expected revision already, the first result is returned.
   */
  append(write: PreparedAppend, now: number): Written | RevisionConflict {
    const { expected, rows } = write;
    const before = expected === 'no_stream' ? -1 : expected;
    return (rows.length > 0 && this.appendOptimistically(write, before, now)) || this.appendChecked(write, before, now);
  }

  /**
   * Appends without reading, on the assumption that nobody else has written since the stream was read; a unique constraint fails
   * otherwise. Undefined when it fails or the stream's end is not cached.
   */
  private appendOptimistically(write: PreparedAppend, before: number, now: number): Written | undefined {
    const known = this.endings.get(write.name);
    if (known ? known.revision !== before : before !== -1) return undefined;
    try {
      return this.write(known ?? this.createStream(write), write, now);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      this.endings.delete(write.name);
      return undefined;
    }
  }

  private appendChecked(write: PreparedAppend, before: number, now: number): Written | RevisionConflict {
    const { name, expected, rows } = write;
    const ending = this.ending.get(name) as StreamEnd | undefined;
    const actual = ending?.revision ?? -1;
    if (before !== actual) return (ending && this.earlierResult(ending, before, rows)) ?? new RevisionConflict(name, expected, ending ? actual : 'no_stream');
    if (rows.length === 0) return { revision: actual, position: ending ? positionOf(this.eventAt(ending, actual)?.position ?? 0) : START };
    return this.write(ending ?? this.createStream(write), write, now);
  }

  private write(ending: StreamEnd, { name, subject, rows }: PreparedAppend, now: number): Written {
    if (subject !== undefined && ending.subject !== subject) throw new Error(`stream ${name} is of another subject`);
    let { revision } = ending;
    let position = 0;
    for (const { id, type, version, metadata, data } of rows) {
      const { lastInsertRowid } = this.insertEvent.run(ending.id, ++revision, id, type, version, now, metadata, data);
      position = Number(lastInsertRowid);
    }
    this.endings.set(name, { ...ending, revision });
    return { revision, position: positionOf(position) };
  }

  /** To be called after a transaction was rolled back. */
  clearCache(): void {
    this.endings.clear();
  }

  /** Caches a stream's end from its last event. */
  cacheEnd([, name, revision, , , , , , , subject, id]: RecordedRow): void {
    this.endings.set(name, { id, subject, revision });
  }

  private createStream({ name, subject }: PreparedAppend): StreamEnd {
    const { lastInsertRowid } = this.insertStream.run(name, subject ?? null);
    return { id: Number(lastInsertRowid), subject: subject ?? null, revision: -1 };
  }

  private earlierResult(stream: StreamEnd, before: number, rows: PreparedAppend['rows']): Written | undefined {
    let position: number | undefined;
    for (const [at, { id }] of rows.entries()) {
      const event = this.eventAt(stream, before + 1 + at);
      if (!event || Buffer.compare(event.id, id) !== 0) return undefined;
      position = event.position;
    }
    return position === undefined ? undefined : { revision: before + rows.length, position: positionOf(position) };
  }

  private eventAt(stream: StreamEnd, revision: number): { readonly position: number; readonly id: Uint8Array } | undefined {
    return this.at.get(stream.id, revision) as { position: number; id: Uint8Array } | undefined;
  }
}
