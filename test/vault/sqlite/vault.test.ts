import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteVaultUnderRotation } from '../../../src/vault/sqlite/rotation.js';
import { SqliteVault } from '../../../src/vault/sqlite/vault.js';
import { canBeInspected } from '../inspection.conformance.js';
import { takesAnotherMasterKey } from '../rotation.conformance.js';
import { holdsWhatAVaultPromises, type VaultUnderTest } from '../vault.conformance.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'vault-'));
const storedIn = (folder: string) => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

async function inSqlite(): Promise<VaultUnderTest> {
  const folder = newFolder();
  return {
    open: async (masterKey = new Uint8Array(32)) => new SqliteVault(join(folder, 'vault.sqlite'), masterKey),
    underRotation: () => new SqliteVaultUnderRotation(join(folder, 'vault.sqlite')),
    stored: async () => storedIn(folder),
    drop: async () => rmSync(folder, { recursive: true }),
  };
}

holdsWhatAVaultPromises('the vault in SQLite', inSqlite);
takesAnotherMasterKey('the vault in SQLite', inSqlite);
canBeInspected('the vault in SQLite', inSqlite);

it('A vault that somebody has open is given no other master key, and is left as it is', async () => {
  const place = await inSqlite();
  expect(() => place.underRotation()).toThrow('没有密钥库');
  const vault = await place.open();
  expect(() => place.underRotation()).toThrow('请先停止个人中心的所有进程');
  const { id } = await vault.findOrCreateSafe({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
  await vault.close();
  const rotation = place.underRotation();
  expect(await rotation.rows(undefined, 10)).toMatchObject([{ id }]);
  await rotation.close();
  await place.drop();
});

describe('The vault file', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('The vault file is accessible by its owner alone, with all files of SQLite beside it', async () => {
    const vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
    await vault.findOrCreateSafe({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    await vault.close();
  });

  it('The vault file holds nothing of a forgotten candidate, not even the wrapped key', async () => {
    const vault = new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32));
    const { id } = await vault.findOrCreateSafe({ admissionNo: '010512345678', citizenNo: '11010519491231002X', name: '张三' });
    expect(storedIn(folder).includes(id)).toBe(true);
    await vault.forget(id);
    expect(storedIn(folder).includes(id)).toBe(false);
    await vault.close();
  });

  it('The vault file is created once when several processes open it at the same time', async () => {
    const program = `
      import { SqliteVault } from ${JSON.stringify(new URL('../../../dist/src/vault/sqlite/vault.js', import.meta.url).href)};
      const vault = new SqliteVault(process.argv[1], new Uint8Array(32));
      for (let each = 0; each < 50; each++) await vault.findOrCreateSafe({ admissionNo: String(100000000000 + each), citizenNo: '1', name: process.argv[2] });
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
