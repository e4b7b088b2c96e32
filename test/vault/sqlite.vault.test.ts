import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteVault } from '../../src/vault/sqlite.vault.js';
import { holdsWhatAVaultPromises } from './vault.conformance.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'vault-'));
const storedIn = (folder: string) => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

holdsWhatAVaultPromises('the vault in SQLite', async () => {
  const folder = newFolder();
  return {
    open: async (masterKey = new Uint8Array(32)) => new SqliteVault(join(folder, 'vault.sqlite'), masterKey),
    stored: async () => storedIn(folder),
    drop: async () => rmSync(folder, { recursive: true }),
  };
});

describe('the vault file', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is for its owner alone, with all that SQLite puts beside it', async () => {
    const vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
    await vault.admitted({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    await vault.close();
  });

  it('holds nothing of a forgotten candidate, not even what opened nothing without the master key', async () => {
    const vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
    const { id } = await vault.admitted({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
    expect(storedIn(folder).includes(id)).toBe(true);
    await vault.forget(id);
    expect(storedIn(folder).includes(id)).toBe(false);
    await vault.close();
  });

  it('is made once when several processes open it at the same time, and each admits its own', async () => {
    const program = `
      import { SqliteVault } from ${JSON.stringify(new URL('../../dist/src/vault/sqlite.vault.js', import.meta.url).href)};
      const vault = new SqliteVault(process.argv[1], new Uint8Array(32));
      for (let each = 0; each < 50; each++) await vault.admitted({ admissionNo: String(100000000000 + each), citizenNo: '1', name: process.argv[2] });
      await vault.close();
    `;
    const codes = await Promise.all(
      ['甲', '乙', '丙', '丁'].map((name) => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program, join(folder, 'vault.sqlite'), name], {
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        return new Promise((resolve) => child.once('exit', resolve));
      }),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    const vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
    expect(await vault.findByCitizenNo('1')).toHaveLength(50);
    await vault.close();
  });
});
