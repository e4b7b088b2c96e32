import { mkdtempSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteFile } from '../../src/sqlite/sqlite-file.js';

const OPTIONS = { timeout: 1_000, remedy: '恢复最近的备份' };

/** Opens the file as any program does; it cannot read what is in the deleted WAL. */
const BEGUN_ANEW = `
  const { DatabaseSync } = require('node:sqlite');
  const { parentPort, workerData } = require('node:worker_threads');
  const db = new DatabaseSync(workerData);
  let said = 'read';
  try { db.exec('PRAGMA journal_mode = WAL'); db.prepare('SELECT id FROM events').all(); } catch (error) { said = error.message; }
  parentPort.postMessage(said);
  parentPort.once('message', () => db.close());
`;

describe('A WAL that is deleted under a connection', () => {
  let folder: string;
  let file: string;
  let writer: SqliteFile;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'deleted-wal-'));
    file = join(folder, 'events.sqlite');
    writer = new SqliteFile(file, OPTIONS);
    writer.exec('CREATE TABLE events (id)');
    writer.exec("INSERT INTO events VALUES ('acknowledged')");
    unlinkSync(`${file}-wal`);
  });
  afterEach(() => {
    writer.close();
    rmSync(folder, { recursive: true });
  });

  /** What a process reads that comes later, and whether the file is whole. */
  const readAnew = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    try {
      const ids = db.prepare('SELECT id FROM events').all();
      return [ids.map(({ id }) => id), db.prepare('PRAGMA integrity_check').get()];
    } finally {
      db.close();
    }
  };

  it('A WAL that is deleted under a connection is not begun anew by one that is opened then', () => {
    expect(() => new SqliteFile(file, OPTIONS)).toThrow('events.sqlite-wal 在使用中被删除');
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('A WAL that is deleted under a connection can be begun anew once nobody uses it', () => {
    writer.close();
    writer = new SqliteFile(file, OPTIONS);
    expect(readAnew()).toEqual([['acknowledged'], { integrity_check: 'ok' }]);
  });

  it('A WAL that is deleted under a connection is saved although another program has begun an empty one', async () => {
    const other = new Worker(BEGUN_ANEW, { eval: true, workerData: file });
    expect(await new Promise((resolve) => other.once('message', resolve))).toBe('disk I/O error');
    expect(statSync(`${file}-wal`).size).toBe(0);
    expect(() => writer.assertNotReplaced()).toThrow('在使用中被删除或替换');
    other.postMessage('end');
    await new Promise((resolve) => other.once('exit', resolve));
    expect(readAnew()).toEqual([['acknowledged'], { integrity_check: 'ok' }]);
  });
});
