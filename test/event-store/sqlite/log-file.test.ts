import { chmodSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite/event-store.js';
import { openLog } from '../../../src/event-store/sqlite/log-file.js';
import { StoreUnavailable } from '../../../src/kernel/store-unavailable.js';
import { numbersOf, readAll, testEvent, testEvents } from '../test-events.js';
import { type OpenedSqliteLog, openSqliteLog } from './sqlite-log.js';

describe('The file of the log', () => {
  let log: OpenedSqliteLog;
  const others: Pick<DatabaseSync, 'close'>[] = [];
  beforeEach(async () => {
    log = await openSqliteLog();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const other of others.splice(0)) other.close();
    await log.close();
  });

  /** A connection like any other program's. */
  const other = (file = log.file) => {
    const db = new DatabaseSync(file);
    others.push(db);
    return db;
  };
  const record = (n: number, store = log.store) => store.append([{ stream: { name: `s-${n}` }, expected: 'no_stream', events: [testEvent(n)] }]);
  const modeOf = (file: string) => statSync(file).mode & 0o777;

  it('The file of the log is created with its folders, accessible by its owner alone', async () => {
    const file = join(dirname(log.file), 'not', 'there', 'events.sqlite');
    const store = new SqliteEventStore(file, testEvents);
    await record(1, store);
    expect([modeOf(dirname(file)), modeOf(file), modeOf(`${file}-wal`)]).toEqual([0o700, 0o600, 0o600]);
    await store.close();
    chmodSync(file, 0o644);
    await new SqliteEventStore(file, testEvents).close();
    expect(modeOf(file)).toBe(0o600);
  });

  it('The file of the log is flushed to the disk at each append', () => {
    const db = openLog(log.file);
    others.push(db);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  });

  it('The file of the log is refused by a release that is older than its schema', () => {
    other().exec('PRAGMA user_version = 2');
    expect(() => new SqliteEventStore(log.file, testEvents)).toThrow(/events\.sqlite 由更新的版本写成（格式 2/);
  });

  it('The file of the log is refused when it is not a log', () => {
    const file = join(dirname(log.file), 'other');
    other(file).exec('CREATE TABLE other (a)');
    expect(() => new SqliteEventStore(file, testEvents)).toThrow('不是事件日志');
  });

  it('The file of the log rejects changes and deletions of recorded events', async () => {
    await record(1);
    for (const sql of ['DELETE FROM events', 'UPDATE events SET type = type', 'DELETE FROM streams', 'UPDATE streams SET subject = NULL'])
      expect(() => other().exec(sql)).toThrow('never');
  });

  it('The file of the log is waited for while another process writes, without blocking the event loop', async () => {
    const writer = other();
    writer.exec('BEGIN IMMEDIATE');
    const waiting = [record(1), record(2)];
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
    expect(await log.store.head()).toBe(START);
    writer.exec('COMMIT');
    expect(await Promise.all(waiting)).toMatchObject([[{ revision: 0 }], [{ revision: 0 }]]);
    expect(numbersOf(await readAll(log.store))).toEqual([1, 2]);
  });

  it('The file of the log is unavailable when another process writes for longer than the timeout, and accepts the same append afterwards', async () => {
    const hasty = new SqliteEventStore(log.file, testEvents, { writeTimeout: 20 });
    const writer = other();
    writer.exec('BEGIN IMMEDIATE');
    const append = { stream: { name: 's' }, expected: 'no_stream' as const, events: [testEvent(1)] };
    await expect(hasty.append([append])).rejects.toBeInstanceOf(StoreUnavailable);
    writer.exec('ROLLBACK');
    expect(await hasty.append([append])).toMatchObject([{ revision: 0 }]);
    await hasty.close();
  });

  it('The file of the log is left free for others between two appends of a bulk writer', async () => {
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now); // however long this process is kept waiting, the pace is not over
    const bulk = new SqliteEventStore(log.file, testEvents, { pace: 60 });
    const write = async (n: number) => {
      await record(n, bulk);
      await record(100 + n);
    };
    await Promise.all([write(1), write(2), write(3)]);
    expect(numbersOf(await readAll(log.store))).toEqual([1, 101, 2, 102, 3, 103]);
    await bulk.close();
  });

  it('The file of the log is not locked by readers, so its WAL can be checkpointed', async () => {
    for (let n = 0; n < 20; n++) await record(n);
    await log.store.read(START, 5);
    await log.store.subject('one');
    expect(other().prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
    expect(statSync(`${log.file}-wal`).size).toBe(0);
  });

  it('The file of the log is searched for streams, candidates and positions by index', async () => {
    await record(1);
    const plan = (sql: string) =>
      (other().prepare(`EXPLAIN QUERY PLAN ${sql}`).all('x') as { detail: string }[]).map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN'));
    for (const column of ['name', 'subject', 'position'])
      expect(plan(`SELECT data FROM events JOIN streams ON streams.id = events.stream WHERE ${column} = ?`)).toEqual([]);
  });
});
