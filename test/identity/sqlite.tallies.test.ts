import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { SqliteTallies } from '../../src/identity/sqlite.tallies.js';
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
