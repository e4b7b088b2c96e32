import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { demoStateIn, saveDemoState } from '../../demo/demo-state.js';
import { sandboxStateIn, saveSandboxState } from '../../demo/sandbox-bjt/sandbox-state.js';
import { sandboxKeys } from '../../demo/sandbox-platform/keys.js';
import { PlatformStore } from '../../demo/sandbox-platform/platform-store.js';
import { lockFolder } from '../../src/read-models/rebuilding/replay-lock.js';
import { loadSecrets } from '../../src/settings/secrets.js';
import { DamagedFile } from '../../src/sqlite/sqlite-errors.js';
import { SqliteVaultUnderRotation } from '../../src/vault/sqlite/rotation.js';
import { SqliteVault } from '../../src/vault/sqlite/vault.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'damaged-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The ways in which a file can be damaged. */
const damages = {
  'holds something else': (file: string) => writeFileSync(file, 'x'.repeat(20_000)),
  'was cut off': (file: string) => truncateSync(file, Math.floor(readFileSync(file).length / 3)),
  'is empty': (file: string) => truncateSync(file, 0),
};
type Damage = keyof typeof damages;

/** A file of the data folder, and how it is written and read. */
interface Kept {
  readonly name: string;
  /** Ways that are no damage to this file. */
  readonly except?: readonly Damage[];
  make(): void;
  use(): unknown;
}

const kept: readonly Kept[] = [
  { name: 'lock', except: ['was cut off', 'is empty'], make: () => lockFolder(folder)(), use: () => lockFolder(folder) },
  { name: 'book.sqlite', make: () => new PlatformStore(join(folder, 'book.sqlite')).close(), use: () => new PlatformStore(join(folder, 'book.sqlite')) },
  {
    name: 'vault.sqlite',
    make: () => void new SqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32)).close(),
    use: () => new SqliteVaultUnderRotation(join(folder, 'vault.sqlite')),
  },
  { name: 'master-key', make: secrets, use: secrets },
  { name: 'session-secret', make: secrets, use: secrets },
  { name: 'kept.json', make: () => saveSandboxState(folder, sandboxStateIn(folder)), use: () => sandboxStateIn(folder) },
  {
    name: 'demo.json',
    make: () => saveDemoState(folder, { begun: '2026-11-01T00:00:00.000Z', recorded: true, accounts: [] }),
    use: () => demoStateIn(folder),
  },
  { name: 'merchant.pem', make: () => void sandboxKeys(folder), use: () => sandboxKeys(folder) },
  { name: 'platform.pem', make: () => void sandboxKeys(folder), use: () => sandboxKeys(folder) },
];

function secrets(): void {
  loadSecrets({ NODE_ENV: 'development', DATA_DIR: folder });
}

const cases = kept.flatMap(({ name, except = [], make, use }) =>
  (Object.keys(damages) as Damage[]).filter((how) => !except.includes(how)).map((how) => ({ name, how, make, use })),
);

it.each(cases)('A $name that $how is reported in one line with the remedy', ({ name, how, make, use }) => {
  make();
  damages[how](join(folder, name));
  let said: unknown;
  try {
    use();
  } catch (error) {
    said = error;
  }
  expect(said).toBeInstanceOf(DamagedFile);
  expect((said as Error).message).toMatch(new RegExp(`^${join(folder, name)} 已损坏.*：请[^\n]+$`));
});

it.each([
  ['forgotten', (vault: SqliteVault) => vault.forgottenUpTo()],
  ['names', (vault: SqliteVault) => vault.nameHashing()],
])('A vault whose row %s is damaged is reported in one line with the remedy', async (row, read) => {
  const file = join(folder, 'vault.sqlite');
  const vault = new SqliteVault(file, new Uint8Array(32));
  try {
    const db = new DatabaseSync(file);
    db.prepare('INSERT INTO vault VALUES (?, ?)').run(row, Buffer.from('{"ru'));
    db.close();
    const said: unknown = await read(vault).catch((error: unknown) => error);
    expect(said).toBeInstanceOf(DamagedFile);
    expect((said as Error).message).toMatch(new RegExp(`^${file} 已损坏.*：请[^\n]+$`));
  } finally {
    await vault.close();
  }
});
