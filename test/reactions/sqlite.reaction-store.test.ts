import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { describeReactionStore } from './reaction-store.conformance.js';

describe('In SQLite', () => {
  describeReactionStore(() => {
    const folder = mkdtempSync(join(tmpdir(), 'acting-'));
    return {
      open: (clock) => new SqliteReactionStore(join(folder, 'read-models.sqlite'), clock),
      drop: async () => rmSync(folder, { recursive: true }),
    };
  });
});
