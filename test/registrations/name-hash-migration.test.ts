import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { knownEvents } from '../../src/composition/known/events.js';
import { causedBy } from '../../src/event-store/cause.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { NameHashMigration } from '../../src/registrations/name-hash-migration.js';
import { RegisterCandidate, RegisterCandidateHandler } from '../../src/registrations/register-candidate.command.js';
import { Photos } from '../../src/vault/photos.js';
import { SqliteVaultUnderRotation } from '../../src/vault/sqlite/rotation.js';
import { SqliteVault } from '../../src/vault/sqlite/vault.js';
import { hashNamesAsBefore } from '../vault/former-names.js';

const MASTER_KEY = new Uint8Array(32).fill(3);
const CITIZEN_NO = '119900199902020320';
const PEOPLE = 450;

let folder: string;
let events: SqliteEventStore;
let vault: SqliteVault;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'name-hashes-'));
  events = new SqliteEventStore(join(folder, 'events.sqlite'), knownEvents);
});
afterEach(async () => {
  await vault.close();
  await events.close();
  rmSync(folder, { recursive: true });
});

const openVault = () => new SqliteVault(join(folder, 'vault.sqlite'), MASTER_KEY);
const nameOf = (at: number) => (at % 2 ? `王\ue863·${'甲乙丙丁'[at % 4]}` : `阿依古丽·${'甲乙丙丁'[at % 4]}`);

/** A vault of release 1.0 with as many candidates as there are, who share a citizen number. */
async function formerVault(): Promise<void> {
  vault = openVault();
  const handler = new RegisterCandidateHandler(events, vault, new Photos(join(folder, 'photos')));
  const status = { district: '西城区', registeredPeriod: '2604', accountState: 'normal', confirmed: true } as const;
  const numbers = Array.from({ length: PEOPLE }, (_, at) => String(500_000_000_000 + at));
  const command = (admissionNo: string, at: number) => {
    const person = {
      admissionNo,
      name: nameOf(at),
      idType: '居民身份证',
      idNo: CITIZEN_NO,
      sex: '女',
      birth: '1999-02-02',
      health: '',
      ethnicity: '',
      household: '',
    };
    return new RegisterCandidate({ id: crypto.randomUUID(), at: '2026-11-22T02:00:00.000Z' }, person, status);
  };
  const cause = { correlation: 'of a test', by: 'import', origin: 'import' } as const;
  await causedBy(cause, () => Promise.all(numbers.map((number, at) => handler.execute(command(number, at)))));
  const ids = await vault.find(numbers);
  await vault.close();
  await hashNamesAsBefore(new SqliteVaultUnderRotation(join(folder, 'vault.sqlite')), MASTER_KEY, (id) => nameOf(ids.indexOf(id)));
  vault = openVault();
}

const foundAs = async (name: string) => (await vault.findByCitizenNo(CITIZEN_NO, name)).filter(({ sameName }) => sameName).length;

it('Names of an earlier vault are hashed again from the log, so that each is found in any spelling', async () => {
  await formerVault();
  expect(await foundAs('王䶮乙')).toBe(0);
  await new NameHashMigration(events, vault).apply();
  expect(await foundAs('王䶮乙')).toBe(await foundAs('王\ue863‧乙'));
  expect(await foundAs('王䶮乙')).toBeGreaterThan(100);
  expect(await foundAs('阿依古丽。甲')).toBeGreaterThan(100);
  expect(await vault.nameHashing()).toMatchObject({ done: true });
});

it('Hashing names continues where a process ended, and does not run again once it is complete', async () => {
  await formerVault();
  const stopped = new NameHashMigration(events, vault);
  const read: (string | undefined)[] = [];
  const nameRows = vault.nameRows.bind(vault);
  vault.nameRows = async (after, limit) => {
    read.push(after);
    if (read.length === 2) throw new Error('the process ends');
    return nameRows(after, limit);
  };
  await expect(stopped.apply()).rejects.toThrow('the process ends');
  const reached = await vault.nameHashing();
  expect(reached).toMatchObject({ done: false, after: expect.any(String) });
  await new NameHashMigration(events, vault).apply();
  expect(read[2]).toBe(reached?.after);
  expect(await foundAs('王䶮乙')).toBeGreaterThan(100);
  const reads = read.length;
  await new NameHashMigration(events, vault).apply();
  expect(read).toHaveLength(reads);
});
