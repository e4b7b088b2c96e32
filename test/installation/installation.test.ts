import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { demoStateIn } from '../../demo/demo-state.js';
import { knownEvents } from '../../src/composition/known/events.js';
import { establishAtStart, establishInstallation } from '../../src/composition/starting/establish-installation.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { readInstallation, UnreadableInstallation } from '../../src/installation/installation.js';
import { readSettings } from '../../src/settings/settings.js';
import { SqliteVault } from '../../src/vault/sqlite/vault.js';
import { openEventStoreDBLog } from '../event-store/eventstoredb/eventstoredb-log.js';
import { openWithin } from '../event-store/eventstoredb/real-server.js';
import { openSqliteLog } from '../event-store/sqlite/sqlite-log.js';
import { readAll } from '../event-store/test-events.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const metadata = { by: 'import', origin: 'import', command: 'c', correlation: 'd' } as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'installation-'));
  closing.push(async () => rmSync(folder, { recursive: true }));
  return folder;
}

/** A folder with a log and a vault of a release that recorded no installation. */
function folderOfEarlierRelease() {
  const folder = temporaryFolder();
  const events = new SqliteEventStore(join(folder, 'events.sqlite'), knownEvents);
  const vault = new SqliteVault(join(folder, 'vault.sqlite'), Buffer.alloc(32, 1));
  closing.push(() => events.close());
  closing.push(() => vault.close());
  const append = (name: string, type: string, subject?: string) =>
    events.append([
      { stream: { name, ...(subject !== undefined && { subject }) }, expected: 'no_stream', events: [{ id: randomUUID(), type, data: {}, metadata }] },
    ]);
  return {
    folder,
    events,
    append,
    /** Registers a candidate in the vault and the log. */
    register: async (admissionNo: string) => {
      const { id } = await vault.findOrCreateSafe({ admissionNo, citizenNo: '110101199905140027', name: '林晓禾' });
      await append(`candidate-${id}`, 'CandidateRegistered', id);
    },
    remember: (state: object) => writeFileSync(join(folder, 'demo.json'), JSON.stringify({ begun: '2026-11-22T00:00:00.000Z', ...state })),
    establish: (demo: boolean) => establishInstallation({ events, vault: async () => vault, folder }, demo),
  };
}

const ofDemo = { accounts: [{ admissionNo: '110000000001' }] };

describe.each([
  ['a SQLite file', openSqliteLog],
  ['EventStoreDB', () => (process.env.ESDB_URL ? openWithin(process.env.ESDB_URL) : openEventStoreDBLog())],
])('The installation of a log in %s', (_, openLog) => {
  const opened = async () => {
    const log = await openLog();
    closing.push(() => log.close());
    return { one: await log.second(knownEvents), other: await log.second(knownEvents) };
  };
  const noVault = () => Promise.reject(new Error('an empty log needs no vault'));

  it.each([true, false])('The installation of a log is the first event of an empty log, with a new id and whether the demo creates it: %s', async (demo) => {
    const { one, other } = await opened();
    expect(await readInstallation(one)).toBeUndefined();
    const made = await establishInstallation({ events: one, vault: noVault, folder: '/nowhere' }, demo);
    expect(made).toEqual({ id: expect.stringMatching(UUID), demo });
    expect(await readInstallation(other)).toEqual(made);
    expect(await establishInstallation({ events: other, vault: noVault, folder: '/nowhere' }, !demo)).toEqual(made);
    expect(await readAll(one)).toMatchObject([{ stream: 'installation', revision: 0, type: 'InstallationMade', data: made }]);
  });

  it('The installation of a log is recorded once when two processes record different ones at the same time', async () => {
    const { one, other } = await opened();
    const [first, second] = await Promise.all([
      establishInstallation({ events: one, vault: noVault, folder: '/nowhere' }, true),
      establishInstallation({ events: other, vault: noVault, folder: '/nowhere' }, false),
    ]);
    expect(second).toEqual(first);
    expect(await readAll(one)).toHaveLength(1);
  });

  it('The installation of a log is refused when a newer release has recorded it in another form', async () => {
    const log = await openLog();
    closing.push(() => log.close());
    const newer = await log.second({ ...knownEvents, InstallationMade: [(data: object) => data] });
    await establishInstallation({ events: newer, vault: noVault, folder: '/nowhere' }, true);
    await expect(readInstallation(await log.second(knownEvents))).rejects.toThrow(UnreadableInstallation);
  });
});

describe('A log of an earlier release', () => {
  it('A log of an earlier release belongs to the demo when the folder has a demo.json and the log holds its candidates', async () => {
    const earlier = folderOfEarlierRelease();
    await earlier.append('district-海淀区', 'DistrictDescribed');
    await earlier.register('110000000001');
    earlier.remember({ recorded: true, ...ofDemo });
    expect(await earlier.establish(false)).toMatchObject({ demo: true });
  });

  it('A log of an earlier release belongs to the demo when recording the demo was interrupted before there were candidates', async () => {
    const earlier = folderOfEarlierRelease();
    await earlier.append('district-海淀区', 'DistrictDescribed');
    earlier.remember({ recorded: false, ...ofDemo });
    expect(await earlier.establish(false)).toMatchObject({ demo: true });
  });

  it('A log of an earlier release does not belong to the demo when the folder has no demo.json, regardless of the settings', async () => {
    const earlier = folderOfEarlierRelease();
    await earlier.register('110000000001');
    expect(await earlier.establish(true)).toMatchObject({ demo: false });
  });

  it.each([true, false])(
    'A log of an earlier release does not belong to the demo when demo.json is of another log (recorded completely: %s)',
    async (recorded) => {
      const earlier = folderOfEarlierRelease();
      await earlier.register('990000000001');
      earlier.remember({ recorded, ...ofDemo });
      expect(demoStateIn(earlier.folder)).toMatchObject({ recorded });
      expect(await earlier.establish(true)).toMatchObject({ demo: false });
    },
  );
});

describe('A start', () => {
  it.each([
    ['all', 'true', true],
    ['web', 'true', true],
    ['all', 'false', false],
    ['projector', 'false', false],
    ['web', 'false', undefined],
    ['reactor,timer', 'false', undefined],
  ])('A start with the roles %s and DEMO=%s makes an empty log the demo’s: %s', async (ROLES, DEMO, demo) => {
    const settings = readSettings({ DATA_DIR: temporaryFolder(), ROLES, DEMO });
    expect((await establishAtStart(settings))?.demo).toBe(demo);
  });
});
