import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteTallies } from '../../src/identity/sqlite.tallies.js';
import type { Tallies } from '../../src/identity/tallies.js';
import { keepsTallies } from './tallies.conformance.js';

describe('In a SQLite file', () => {
  keepsTallies(() => {
    const folder = mkdtempSync(join(tmpdir(), 'tallies-'));
    const opened: SqliteTallies[] = [];
    return {
      open: async () => {
        const tallies = new SqliteTallies(join(folder, 'tallies.sqlite'));
        opened.push(tallies);
        return tallies;
      },
      drop: async () => {
        for (const tallies of opened) await tallies.close();
        rmSync(folder, { recursive: true });
      },
    };
  });
});

describe('Tallies whose file', () => {
  let folder: string;
  let file: string;
  const opened: SqliteTallies[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tallies-'));
    file = join(folder, 'tallies.sqlite');
  });
  afterEach(async () => {
    for (const tallies of opened.splice(0)) await tallies.close();
    rmSync(folder, { recursive: true });
  });

  const open = () => {
    const tallies = new SqliteTallies(file);
    opened.push(tallies);
    return tallies;
  };
  const count = (tallies: Tallies, key: string) =>
    tallies.change<{ n: number }, number>(key, 1_000, (before) => ({ after: { n: (before?.n ?? 0) + 1 }, until: 9_000, answer: (before?.n ?? 0) + 1 }));
  /** Enough of them that the file has many pages. */
  const filled = async () => {
    const tallies = new SqliteTallies(file);
    for (let at = 0; at < 400; at++) await count(tallies, `some key ${at}`);
    await tallies.close();
  };

  it.each<[string, (file: string) => void]>([
    ['is no database', (damaged) => writeFileSync(damaged, 'x'.repeat(20_000))],
    ['is empty', (damaged) => truncateSync(damaged, 0)],
    ['was cut off in the middle', (damaged) => truncateSync(damaged, 8_192)],
  ])('%s are counted anew, and shared again', async (_, damage) => {
    await filled();
    damage(file);
    const one = open();
    expect(await count(one, 'a')).toBe(1);
    expect(await count(open(), 'a')).toBe(2);
    expect(readdirSync(folder).filter((name) => !name.startsWith('tallies.sqlite'))).toEqual([]);
  });

  it('is damaged while it is in use go on, and are counted anew', async () => {
    await filled();
    const one = open();
    writeFileSync(file, readFileSync(file).fill('x', 4_096), { flag: 'r+' }); // all but the first page
    expect(await count(one, 'a')).toBe(1);
    expect(await count(open(), 'a')).toBe(2); // in a file that all of them share again
  });

  it('cannot be made are counted in memory', async () => {
    mkdirSync(file); // as good as any reason: a folder stands in its place
    const one = open();
    expect([await count(one, 'a'), await count(one, 'a')]).toEqual([1, 2]);
  });

  it('was deleted while it was in use go on', async () => {
    const one = open();
    await count(one, 'a');
    rmSync(file);
    expect([await count(one, 'a'), await count(one, 'a')]).toEqual([1, 2]);
  });
});
