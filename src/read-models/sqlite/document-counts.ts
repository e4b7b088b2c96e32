import type { StatementSync } from 'node:sqlite';
import type { Position } from '../../event-store/event.js';
import { START } from '../../event-store/event.js';
import { type Query, query } from '../../sqlite/query.js';
import type { SqliteFile } from '../../sqlite/sqlite-file.js';
import { nameOf, type Projection } from '../projection.js';
import type { Stored } from '../read-models.js';
import { type Documents, tableOf } from './tables.js';

/**
 * How many documents, tombstones included, each build has: kept in the transaction of its checkpoint, so that lost and foreign rows are
 * found without reading any. A number counts only up to its position: releases that keep none move the checkpoint past it, and the next
 * batch counts anew.
 * All methods but `kept`, `stored` and `isUncounted` are called within a transaction.
 */
export class DocumentCounts {
  // made once: the projector asks for each build and batch
  private readonly moving: StatementSync;
  private readonly adding: StatementSync;
  private readonly checkpoints: Query<{ readonly position: Position }>;

  constructor(private readonly db: SqliteFile) {
    this.moving = db.prepare('UPDATE document_counts SET position = ? WHERE read_model = ? AND position = ?');
    this.adding = db.prepare('UPDATE document_counts SET documents = documents + ? WHERE read_model = ?');
    this.checkpoints = query(db, 'SELECT position FROM checkpoints WHERE read_model = ?');
  }

  /** Before the checkpoint of a build is moved from where it stands: the number moves along, or is taken anew. */
  move(projection: Projection, to: Position): void {
    const name = nameOf(projection);
    const moved = this.moving.run(to, name, this.checkpoint(name));
    if (moved.changes === 0) this.set(name, to, this.stored(projection));
  }

  /** Documents that were not there before. */
  add(name: string, documents: number): void {
    if (documents > 0) this.adding.run(documents, name);
  }

  /** Whether a number is kept for a build, up to wherever. */
  isKept(name: string): boolean {
    return this.db.prepare('SELECT 1 FROM document_counts WHERE read_model = ?').get(name) !== undefined;
  }

  recount(projection: Projection): void {
    const name = nameOf(projection);
    this.set(name, this.checkpoint(name), this.stored(projection));
  }

  drop(name: string): void {
    this.db.prepare('DELETE FROM document_counts WHERE read_model = ?').run(name);
  }

  /** Undefined where none was kept up to the checkpoint. */
  kept(projection: Projection): number | undefined {
    const name = nameOf(projection);
    const found = query<{ readonly documents: number }>(this.db, 'SELECT documents FROM document_counts WHERE read_model = ? AND position = ?');
    return found.get(name, this.checkpoint(name))?.documents;
  }

  /** Whether none is kept although there is a checkpoint. */
  isUncounted(projection: Projection): boolean {
    const name = nameOf(projection);
    return this.checkpoint(name) !== START && !this.isKept(name);
  }

  /** How many there are; SQLite counts the entries of the keys' index. */
  stored(projection: Projection): number {
    return query<{ readonly documents: number }>(this.db, `SELECT count(*) AS documents FROM ${tableOf(projection)}`).get()?.documents ?? 0;
  }

  private set(name: string, position: Position, documents: number): void {
    this.db.prepare('INSERT OR REPLACE INTO document_counts VALUES (?, ?, ?)').run(name, position, documents);
  }

  private checkpoint(name: string): Position {
    return this.checkpoints.get(name)?.position ?? START;
  }
}

/**
 * Puts documents into a table and answers how many of them were not there.
 * @param isThere what is known of a key already; undefined where nothing is
 */
export function putAll({ put, has }: Documents, documents: ReadonlyMap<string, Stored>, isThere: (key: string) => boolean | undefined): number {
  let added = 0;
  for (const [key, stored] of documents) {
    if (!(isThere(key) ?? has(key))) added++;
    put(key, stored);
  }
  return added;
}
