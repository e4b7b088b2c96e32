import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../src/config.js';
import { establishAtStart } from '../../src/installation/establish.js';
import { AnotherLog } from '../../src/installation/own-log.js';
import { knownProjections } from '../../src/known-projections.js';
import { openProjectionStore } from '../../src/stores.js';
import { TestServer } from '../event-store/eventstoredb/test-server.js';

describe('A start on EventStoreDB with read models that there are already', () => {
  let folder: string;
  let servers: TestServer[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'own-log-'));
    servers = [await TestServer.start(), await TestServer.start()];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });
  const on = (which: number, dataDir = folder) =>
    establishAtStart(readSettings({ DATA_DIR: dataDir, DEMO: 'false', EVENT_STORE_URL: `esdb://127.0.0.1:${servers[which]?.port}?tls=false` }));

  it('goes on with the log that they were made from', async () => {
    const first = await on(0);
    expect(await on(0)).toEqual(first);
  });

  it('is refused on an empty server, by the name of the installation, and writes nothing there', async () => {
    const first = await on(0);
    const before = servers[1]?.log.entries.length;
    await expect(on(1)).rejects.toThrow(`the log is empty, but the read models are of installation ${first?.id}`);
    expect(servers[1]?.log.entries.length).toBe(before);
  });

  it('is refused on the log of another installation, by both names', async () => {
    const first = await on(0);
    const other = mkdtempSync(join(tmpdir(), 'own-log-'));
    const second = await on(1, other);
    rmSync(other, { recursive: true });
    await expect(on(1)).rejects.toThrow(`the log is of installation ${second?.id}, but the read models are of installation ${first?.id}`);
  });

  it('is refused on an empty server by read models of a release that knew no installation', async () => {
    const store = await openProjectionStore(readSettings({ DATA_DIR: folder }));
    const [projection] = knownProjections;
    if (!projection) throw new Error('there are no projections');
    await store.prepare([projection]);
    const lease = await store.lease('a test');
    if (!lease) throw new Error('there is no lease');
    const checkpoint = { position: '1'.repeat(40), eventId: crypto.randomUUID() };
    await store.write(lease, [{ projection, documents: new Map(), quarantined: [], checkpoint }]);
    await store.close();
    await expect(on(0)).rejects.toBeInstanceOf(AnotherLog);
  });
});
