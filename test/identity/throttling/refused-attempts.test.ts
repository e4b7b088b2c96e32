import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changesFor } from '../../../src/identity/throttling/rate-limits.js';
import { SqliteRateLimitFile } from '../../../src/identity/throttling/sqlite.rate-limit-file.js';

const START = Date.parse('2026-11-22T02:00:00Z');
let folder: string;
let store: SqliteRateLimitFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallies-'));
  store = new SqliteRateLimitFile(join(folder, 'tallies.sqlite'), 100);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

/** Tries an account from an address; what keeps it away, if anything. */
function attempt(account: string, address: string, now = START) {
  const keys = { pair: `pair ${account} ${address}`, account: `account ${account}`, address: `address ${address}`, known: false };
  return store.run(() => changesFor({ kind: 'reserve', keys, now, isUnderAttack: false, failures: undefined }), now).delay?.by;
}
function rows(): readonly string[] {
  const db = new DatabaseSync(join(folder, 'tallies.sqlite'), { readOnly: true });
  const keys = db.prepare('SELECT key FROM tallies ORDER BY key').all() as { readonly key: string }[];
  db.close();
  return keys.map(({ key }) => key);
}

describe('A delayed attempt', () => {
  it('A delayed attempt stores nothing, whether its own failures or its address’s delay it', () => {
    for (let at = 0; at < 300; at++) attempt(`sprayed ${at}`, 'here');
    const before = rows();
    for (let at = 0; at < 50; at++) expect(attempt(`more ${at}`, 'here')).toBe('address');
    expect(rows()).toEqual(before);
    for (let at = 0; at < 4; at++) attempt('a', 'there');
    const failed = rows();
    for (let at = 0; at < 50; at++) expect(attempt('a', 'there')).toBe('pair');
    expect(rows()).toEqual(failed);
  });

  it('A delayed attempt never displaces the entries that delay it, however many there are', () => {
    for (let at = 0; at < 36; at++) attempt('a', `guessed ${at}`);
    for (let at = 0; at < 2_000; at++) expect(attempt('a', `refused ${at}`, START + at)).toBe('account');
    expect(attempt('b', 'elsewhere', START + 61_000)).toBeUndefined(); // sweeps
    expect(rows()).toContain('account a');
    expect(rows().length).toBeLessThanOrEqual(100);
    for (let at = 0; at < 3; at++) attempt('a', `in turn ${at}`, START + 61_000);
    expect(attempt('a', 'one more', START + 61_000)).toBe('account');
  });
});
