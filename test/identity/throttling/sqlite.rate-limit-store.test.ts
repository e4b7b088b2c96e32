import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteRateLimitFile } from '../../../src/identity/throttling/sqlite.rate-limit-file.js';
import { change, RANKS } from '../../../src/identity/throttling/store-changes.js';
import { keepsRateLimits } from './rate-limit-store.conformance.js';

describe('In a SQLite file', () => {
  keepsRateLimits(() => {
    const folder = mkdtempSync(join(tmpdir(), 'tallies-'));
    const opened: SqliteRateLimitFile[] = [];
    return {
      open: async () => {
        const store = new SqliteRateLimitFile(join(folder, 'tallies.sqlite'));
        opened.push(store);
        return { run: async (begin, now) => store.run(begin, now) };
      },
      drop: async () => {
        for (const store of opened) store.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
});

describe('A store of rate limits whose file', () => {
  let folder: string;
  let file: string;
  const opened: SqliteRateLimitFile[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallies-'));
    file = join(folder, 'tallies.sqlite');
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) store.close();
    rmSync(folder, { recursive: true });
  });

  const open = () => {
    const store = new SqliteRateLimitFile(file);
    opened.push(store);
    return store;
  };
  const count = (store: SqliteRateLimitFile, key: string, now = 1_000, rank: number = RANKS.pair) =>
    store.run(
      () =>
        change<{ n: number }, number>(key, (before) => {
          const n = (before?.n ?? 0) + 1;
          return { after: { state: { n }, until: now + 600_000, rank }, answer: n };
        }),
      now,
    );
  /** Enough of them that the file has many pages. */
  const filled = async () => {
    const store = new SqliteRateLimitFile(file);
    for (let at = 0; at < 400; at++) count(store, `some key ${at}`);
    store.close();
  };

  it.each<[string, (file: string) => void]>([
    ['is no database', (damaged) => writeFileSync(damaged, 'x'.repeat(20_000))],
    ['is empty', (damaged) => truncateSync(damaged, 0)],
    ['was cut off in the middle', (damaged) => truncateSync(damaged, 8_192)],
  ])('A store of rate limits whose file %s are counted anew, and shared again', async (_, damage) => {
    await filled();
    damage(file);
    const one = open();
    expect(count(one, 'a')).toBe(1);
    expect(count(open(), 'a')).toBe(2);
    expect(readdirSync(folder).filter((name) => !name.startsWith('tallies.sqlite'))).toEqual([]);
  });

  it('A store of rate limits whose file is damaged while it is in use continues with new counts', async () => {
    await filled();
    const one = open();
    writeFileSync(file, readFileSync(file).fill('x', 4_096), { flag: 'r+' }); // all but the first page
    expect(count(one, 'a')).toBe(1);
    expect(count(open(), 'a')).toBe(2); // in a file that all of them share again
  });

  it('A store of rate limits whose file cannot be created counts in memory', async () => {
    mkdirSync(file); // as good as any reason: a folder stands in its place
    const one = open();
    expect([count(one, 'a'), count(one, 'a')]).toEqual([1, 2]);
  });

  it('A store of rate limits whose file was deleted while it was in use continues', async () => {
    const one = open();
    count(one, 'a');
    rmSync(file);
    expect([count(one, 'a'), count(one, 'a')]).toEqual([1, 2]);
  });

  it('A store of rate limits whose file is full deletes the entries that expire first', () => {
    const store = new SqliteRateLimitFile(file, 3);
    opened.push(store);
    for (let at = 0; at < 6; at++) count(store, `key ${at}`, 1_000 + at);
    count(store, 'key 5', 70_000); // sweeps
    expect([count(store, 'key 0', 70_001), count(store, 'key 4', 70_001), count(store, 'key 5', 70_001)]).toEqual([1, 2, 3]);
  });

  it('A store of rate limits whose file is full deletes promises before failures of pairs, and these before the limits of numbers and addresses', () => {
    const store = new SqliteRateLimitFile(file, 2);
    opened.push(store);
    count(store, 'limit', 1_000, RANKS.limit);
    count(store, 'pair', 2_000, RANKS.pair);
    for (let at = 0; at < 50; at++) count(store, `promise ${at}`, 3_000 + at, RANKS.promise);
    count(store, 'limit', 70_000, RANKS.limit); // sweeps
    expect([count(store, 'limit', 70_001), count(store, 'pair', 70_001), count(store, 'promise 49', 70_001)]).toEqual([3, 2, 1]);
  });

  it('A store of rate limits whose file is of the first release, without ranks, continues', () => {
    const old = new DatabaseSync(file);
    old.exec(`PRAGMA journal_mode = WAL; CREATE TABLE tallies (key TEXT PRIMARY KEY, state TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO tallies VALUES ('a', '{"n":6}', 9000)`);
    old.close();
    expect(count(open(), 'a')).toBe(7);
  });
});
