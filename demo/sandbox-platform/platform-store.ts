import { randomInt } from 'node:crypto';
import type { Channel } from '../../src/payments/payments.events.js';
import { query } from '../../src/sqlite/query.js';
import { REMOVE } from '../../src/sqlite/remedies.js';
import { SqliteFile } from '../../src/sqlite/sqlite-file.js';

/** A signed order; instants in UTC. */
export interface SandboxOrder {
  readonly order: string;
  readonly fen: number;
  readonly title: string;
  readonly begun: string;
  readonly ends: string;
  readonly returnTo: string;
}

export type OrderState = 'open' | 'closed' | 'paid';

export interface SandboxPayment {
  readonly transaction: string;
  readonly order: string;
  readonly fen: number;
  readonly channel: Channel;
  readonly paidAt: string;
}

export interface SandboxRefund {
  readonly transaction: string;
  /** When the refund is complete. */
  readonly doneAt: string;
}

/** A notification that has not been answered with success yet. */
export interface PendingNotification {
  readonly id: number;
  readonly body: string;
  readonly tries: number;
  readonly firstDue: string;
}

/** A payment or a refund. */
interface Movement extends SandboxPayment {
  readonly kind: 'payment' | 'refund';
  readonly at: string;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS orders (
    "order" TEXT PRIMARY KEY, fen INTEGER NOT NULL, title TEXT NOT NULL, begun TEXT NOT NULL, ends TEXT NOT NULL,
    returnTo TEXT NOT NULL, state TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS payments (
    "transaction" TEXT PRIMARY KEY, "order" TEXT NOT NULL, fen INTEGER NOT NULL, channel TEXT NOT NULL, paidAt TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS payments_of_order ON payments ("order");
  CREATE TABLE IF NOT EXISTS refunds ("transaction" TEXT PRIMARY KEY, doneAt TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS notifications (
    id INTEGER PRIMARY KEY, body TEXT NOT NULL, tries INTEGER NOT NULL, firstDue TEXT NOT NULL, due TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** How long to wait for another connection's lock, in milliseconds. */
const LOCK_TIMEOUT = 5_000;

/** The sandbox platform's data on disk, so that a restart loses no payment. */
export class PlatformStore {
  private readonly db: SqliteFile;

  /** @throws DamagedFile, StoreUnavailable */
  constructor(file: string) {
    this.db = new SqliteFile(file, { timeout: LOCK_TIMEOUT, remedy: REMOVE });
    try {
      this.db.exec(`PRAGMA synchronous = FULL; ${TABLES}`);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  close(): void {
    this.db.close();
  }

  /** Writes everything or nothing. */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.db.exec('COMMIT');
      return done;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  order(number: string): (SandboxOrder & { readonly state: OrderState }) | undefined {
    return query<SandboxOrder & { readonly state: OrderState }>(this.db, 'SELECT * FROM orders WHERE "order" = ?').get(number);
  }

  addOrder({ order, fen, title, begun, ends, returnTo }: SandboxOrder, state: OrderState): void {
    this.db.prepare('INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)').run(order, fen, title, begun, ends, returnTo, state);
  }

  setState(order: string, state: OrderState): void {
    this.db.prepare('UPDATE orders SET state = ? WHERE "order" = ?').run(state, order);
  }

  /** Open orders whose end has passed. */
  overdue(now: string): readonly string[] {
    return this.db
      .prepare(`SELECT "order" FROM orders WHERE state = 'open' AND ends <= ?`)
      .all(now)
      .map(({ order }) => String(order));
  }

  addPayment(order: string, fen: number, channel: Channel, paidAt: string): SandboxPayment {
    const transaction = `SB${paidAt.replace(/\D/g, '')}${String(randomInt(1e9)).padStart(9, '0')}`;
    this.db.prepare('INSERT INTO payments VALUES (?, ?, ?, ?, ?)').run(transaction, order, fen, channel, paidAt);
    return { transaction, order, fen, channel, paidAt };
  }

  payment(transaction: string): SandboxPayment | undefined {
    return query<SandboxPayment>(this.db, 'SELECT * FROM payments WHERE "transaction" = ?').get(transaction);
  }

  paymentsOf(order: string): readonly SandboxPayment[] {
    return query<SandboxPayment>(this.db, 'SELECT * FROM payments WHERE "order" = ? ORDER BY paidAt').all(order);
  }

  /** The refund of a payment. The first request begins it, complete at the given time. */
  refund(transaction: string, doneAt: string): SandboxRefund {
    this.db.prepare('INSERT OR IGNORE INTO refunds VALUES (?, ?)').run(transaction, doneAt);
    return query<SandboxRefund>(this.db, 'SELECT * FROM refunds WHERE "transaction" = ?').get(transaction) ?? { transaction, doneAt };
  }

  /** Payments and refunds of an interval, its end not included. */
  *movements(from: string, to: string): Iterable<Movement> {
    const paid = `SELECT *, 'payment' AS kind, paidAt AS at FROM payments WHERE paidAt >= :from AND paidAt < :to`;
    const returned = `SELECT p.*, 'refund' AS kind, doneAt AS at FROM refunds JOIN payments p USING ("transaction") WHERE doneAt >= :from AND doneAt < :to`;
    yield* query<Movement>(this.db, `${paid} UNION ALL ${returned} ORDER BY at, kind`).iterate({ from, to });
  }

  addNotification(body: object, due: string): void {
    this.db.prepare('INSERT INTO notifications (body, tries, firstDue, due) VALUES (?, 0, ?, ?)').run(JSON.stringify(body), due, due);
  }

  dueNotifications(now: string): readonly PendingNotification[] {
    return query<PendingNotification>(this.db, 'SELECT id, body, tries, firstDue FROM notifications WHERE due <= ? ORDER BY due LIMIT 50').all(now);
  }

  postponeNotification(id: number, nextDue: string): void {
    this.db.prepare('UPDATE notifications SET tries = tries + 1, due = ? WHERE id = ?').run(nextDue, id);
  }

  endNotification(id: number): void {
    this.db.prepare('DELETE FROM notifications WHERE id = ?').run(id);
  }

  value(name: 'port' | 'down until'): string | undefined {
    return query<{ readonly value: string }>(this.db, 'SELECT value FROM kept WHERE name = ?').get(name)?.value;
  }

  setValue(name: 'port' | 'down until', value: string): void {
    this.db.prepare('INSERT INTO kept VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(name, value);
  }
}
