import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { LostRace, type Written } from './append.js';
import { START } from './event.js';
import { positionOf, type RecordedRow, type Write } from './sqlite.recorded.js';

/** Where a stream ends. */
interface Ending {
  readonly id: number;
  readonly subject: string | null;
  revision: number;
}

/** Some 10 MB. Whoever decides on a stream has just read it; to look its end up again costs more than the insert. */
const REMEMBERED = 50_000;

/** Adds events to streams, inside a transaction of its user. */
export class Writing {
  private readonly insertStream: StatementSync;
  private readonly insertEvent: StatementSync;
  private readonly ending: StatementSync;
  private readonly at: StatementSync;
  private readonly endings = new LRUCache<string, Ending>({ max: REMEMBERED });
  private otherWrites: number | undefined;

  constructor(db: DatabaseSync) {
    this.insertStream = db.prepare('INSERT INTO streams (name, subject) VALUES (?, ?)');
    this.insertEvent = db.prepare('INSERT INTO events (stream, revision, id, type, version, recorded_at, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.ending = db.prepare('SELECT id, subject, (SELECT max(revision) FROM events WHERE stream = streams.id) AS revision FROM streams WHERE name = ?');
    this.at = db.prepare('SELECT position, id FROM events WHERE stream = ? AND revision = ?');
  }

  /**
   * One append, at `now` (ms since 1970): what EventStoreDB 22.10 answers. At the expected revision its events are
   * written, whatever their ids. Behind it, when the same ids follow there, they are known: the first result.
   */
  append({ name, subject, expected, rows }: Write, now: number): Written | LostRace {
    const ending = this.endingOf(name);
    const actual = ending?.revision ?? -1;
    const before = expected === 'no_stream' ? -1 : expected;
    if (before !== actual) return (ending && this.firstResult(ending, before, rows)) ?? new LostRace(name, expected, ending ? actual : 'no_stream');
    if (rows.length === 0) return { revision: actual, position: ending ? positionOf(this.eventAt(ending, actual)?.position ?? 0) : START };
    const stream = ending ?? this.create(name, subject);
    if (subject !== undefined && stream.subject !== subject) throw new Error(`stream ${name} is of another subject`);
    let position = 0;
    for (const { id, type, version, metadata, data } of rows) {
      const { lastInsertRowid } = this.insertEvent.run(stream.id, ++stream.revision, id, type, version, now, metadata, data);
      position = Number(lastInsertRowid);
    }
    return { revision: stream.revision, position: positionOf(position) };
  }

  /** What is remembered holds only while no other connection has written; `otherWrites` is another number after each that did. */
  begin(otherWrites: number): void {
    if (otherWrites !== this.otherWrites) this.forget();
    this.otherWrites = otherWrites;
  }

  /** After a transaction that came to nothing. */
  forget(): void {
    this.endings.clear();
  }

  /** The last event of a stream was read. */
  remember([, name, revision, , , , , , , subject, id]: RecordedRow): void {
    this.endings.set(name, { id, subject, revision });
  }

  private endingOf(name: string): Ending | undefined {
    const remembered = this.endings.get(name);
    if (remembered) return remembered;
    const found = this.ending.get(name) as Ending | undefined;
    if (found) this.endings.set(name, found);
    return found;
  }

  private create(name: string, subject: string | undefined): Ending {
    const { lastInsertRowid } = this.insertStream.run(name, subject ?? null);
    const created = { id: Number(lastInsertRowid), subject: subject ?? null, revision: -1 };
    this.endings.set(name, created);
    return created;
  }

  private firstResult(stream: Ending, before: number, rows: Write['rows']): Written | undefined {
    let position: number | undefined;
    for (const [at, { id }] of rows.entries()) {
      const event = this.eventAt(stream, before + 1 + at);
      if (!event || Buffer.compare(event.id, id) !== 0) return undefined;
      position = event.position;
    }
    return position === undefined ? undefined : { revision: before + rows.length, position: positionOf(position) };
  }

  private eventAt(stream: Ending, revision: number): { readonly position: number; readonly id: Uint8Array } | undefined {
    return this.at.get(stream.id, revision) as { position: number; id: Uint8Array } | undefined;
  }
}
