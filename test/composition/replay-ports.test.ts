import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withReplayPorts } from '../../src/composition/replay-ports.js';
import { openEventStore } from '../../src/composition/stores.js';
import { ReplayThreads } from '../../src/read-models/rebuilding/replay-threads.js';
import { ReplayWorker } from '../../src/read-models/rebuilding/replay-workers.js';
import { readSettings } from '../../src/settings/settings.js';
import { event } from '../event-store/test-events.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-ports-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Records two events of so many bytes, and returns who does the work of a rebuild then. */
async function workersOf(bytes: number, servesPages: boolean): Promise<unknown> {
  const settings = readSettings({ DATA_DIR: folder });
  const events = await openEventStore(settings, async () => []);
  const append = (name: string) =>
    events.append([{ stream: { name }, expected: 'no_stream', events: [event('NoticePublished', { text: 'x'.repeat(bytes) })] }]);
  for (const name of ['notice-1', 'notice-2']) await append(name);
  await events.close();
  return withReplayPorts(settings, async ({ workers }) => workers.constructor, { servesPages });
}

describe('The work of a rebuild', () => {
  it.each([
    { log: 'a small log', where: 'on the thread of a command, since threads take longer to start', bytes: 1_000, servesPages: false, by: ReplayWorker },
    { log: 'a log of a mebibyte', where: 'on threads', bytes: 600_000, servesPages: false, by: ReplayThreads },
    { log: 'a small log', where: 'on threads where the process serves pages', bytes: 1_000, servesPages: true, by: ReplayThreads },
  ])('The work of a rebuild of $log is done $where', async ({ bytes, servesPages, by }) => {
    expect(await workersOf(bytes, servesPages)).toBe(by);
  });
});
