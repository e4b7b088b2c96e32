import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importFolder } from '../../src/imports/import-folder.js';
import { TestServer } from '../event-store/eventstoredb/test-server/test-server.js';
import { writeBatch } from './batch.js';
import { centreOn } from './centre.js';
import { editLine, scratch, smallBatch, whatIsRecorded } from './scratch.js';

const CANDIDATES = 40;

describe('An import into EventStoreDB', () => {
  let server: TestServer;
  let data: string;
  beforeEach(async () => {
    server = await TestServer.start();
    data = await scratch();
  });
  afterEach(() => server.stop());

  /** Imports with newly opened stores. Returns the number of events, and the whole log afterwards. */
  async function imported(
    folder: string,
    dataDir = data,
    log: Record<string, string> = { EVENT_STORE_URL: `esdb://127.0.0.1:${server.port}?tls=false` },
    revert = false,
  ) {
    const centre = await centreOn(dataDir, log);
    try {
      const { recorded, bad } = await importFolder(folder, { revert }, centre);
      expect(bad).toBe(0);
      return { recorded, holds: await whatIsRecorded(centre.events, centre.vault, CANDIDATES) };
    } finally {
      await centre.close();
    }
  }

  it('An import into EventStoreDB records the same as into SQLite, and nothing when repeated', async () => {
    const { folder } = await smallBatch(CANDIDATES);
    const first = await imported(folder);
    expect(first).toEqual(await imported(folder, await scratch(), {}));
    expect(await imported(folder)).toEqual({ ...first, recorded: 0 });
  });

  it('An import into EventStoreDB records the rows of several files that share streams with one append for each stream', async () => {
    const { folder } = await smallBatch(CANDIDATES);
    await imported(folder);
    const sittings = server.appending.received.map(({ stream }) => stream).filter((stream) => /^(enrolment|results)-/.test(stream));
    expect(sittings).toHaveLength(4 * CANDIDATES);
    expect(new Set(sittings).size).toBe(4 * CANDIDATES);
  });

  it('An import into EventStoreDB records the missing rows when a part was recorded before', async () => {
    const { folder } = await smallBatch(CANDIDATES);
    const all = await imported(folder, await scratch(), {});
    const { folder: half } = await smallBatch(CANDIDATES / 2);
    const { recorded } = await imported(half);
    expect(await imported(folder)).toEqual({ ...all, recorded: all.recorded - recorded });
  });

  it('An import into EventStoreDB records a changed row, and its original values when they come again', async () => {
    const { folder } = await smallBatch(CANDIDATES);
    const { recorded: before } = await imported(folder);
    await editLine(folder, 'scores', 60, (line) => line.replace(/,\d+,,$/, ',100,,'));
    expect(await imported(folder)).toMatchObject({ recorded: 1 });
    await writeBatch(folder, { candidates: CANDIDATES });
    expect(await imported(folder, data, undefined, true)).toMatchObject({ recorded: 1 });
    expect(await imported(folder)).toMatchObject({ recorded: 0 });
    expect(before).toBeGreaterThan(CANDIDATES * 20);
  });
});
