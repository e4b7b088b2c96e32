import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { v4 as uuid } from 'uuid';
import { notices } from '../../../projections/notices.js';
import { knownEvents } from '../../../src/composition/known/events.js';
import { knownProjections } from '../../../src/composition/known/projections.js';
import type { Append } from '../../../src/event-store/append.js';
import { START } from '../../../src/event-store/event.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite/event-store.js';
import type { SupervisedWorker } from '../../../src/kernel/supervisor.js';
import type { ProjectorProgress } from '../../../src/read-models/projecting/projector.js';
import { Projector } from '../../../src/read-models/projecting/projector.js';
import { ProjectorHost } from '../../../src/read-models/projecting/projector-host.js';
import { waitForPosition } from '../../../src/read-models/serving/wait-for-position.js';
import { SqliteProjectionStore } from '../../../src/read-models/sqlite/projection-store.js';
import { SqliteReadModels } from '../../../src/read-models/sqlite/read-models.js';
import { inline } from '../../inline.js';

const live: ProjectorProgress = { state: 'live', position: START, lag: 0, stopped: {}, quarantined: {} };

/** A projector in name only: the test says what becomes of it. */
function puppets() {
  const started: { report: (progress: ProjectorProgress) => void; ends: (error?: Error) => void }[] = [];
  const arrivals: (() => void)[] = [];
  const launch = (report: (progress: ProjectorProgress) => void): SupervisedWorker => {
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    started.push({ report, ends: (error) => (error ? reject(error) : resolve()) });
    for (const arrived of arrivals.splice(0)) arrived();
    return { ended, stop: resolve };
  };
  const nth = async (count: number) => {
    while (started.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
    return started[count - 1] as (typeof started)[number];
  };
  return { launch, nth, started };
}

describe('The host of the projector', () => {
  it('The host of the projector starts one that died again, later each time, and soon again after one that has been live', async () => {
    const { launch, nth } = puppets();
    const waited: number[] = [];
    const host = new ProjectorHost(launch, async (_, ms) => {
      waited.push(ms);
    });
    for (const time of [1, 2, 3, 4, 5, 6, 7]) (await nth(time)).ends(new Error('killed'));
    const eighth = await nth(8);
    expect(waited).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(host.state()).toMatchObject({ state: 'failed', reason: 'killed' });
    eighth.report(live);
    expect(host.state()).toBe(live);
    eighth.ends();
    await nth(9);
    expect(waited.at(-1)).toBe(1_000);
    await host.stop();
  });

  it.each(['needs-rebuild', 'stopped'] as const)('The host of the projector does not start one again that ended with %s', async (state) => {
    const { launch, nth, started } = puppets();
    const host = new ProjectorHost(launch, async () => undefined);
    const only = await nth(1);
    only.report({ ...live, state, reason: 'why' });
    only.ends();
    await host.stop();
    expect(host.state()).toMatchObject({ state, reason: 'why' });
    expect(started).toHaveLength(1);
  });

  it('The host of the projector starts none after it was stopped, also while it waits', async () => {
    const { launch, nth, started } = puppets();
    const waiting = Promise.withResolvers<void>();
    const host = new ProjectorHost(launch, (signal) => {
      waiting.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    });
    (await nth(1)).ends(new Error('killed'));
    await waiting.promise;
    await host.stop();
    expect(started).toHaveLength(1);
  });
});

describe.each([
  ['in a worker of its own', (folder: string) => ProjectorHost.start({ DATA_DIR: folder, NODE_ENV: 'test' })],
  ['on the same event loop', (folder: string) => inlineHost(folder)],
])('The projector %s', (_, start) => {
  it('The projector brings to pages what was recorded before and since, and stops when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'projector-host-'));
    const events = new SqliteEventStore(join(folder, 'events.sqlite'), knownEvents);
    const readModels = new SqliteReadModels(join(folder, 'read-models.sqlite'));
    await publish(events, 'one');
    const host = await start(folder);
    expect(await waitForPosition(readModels, knownProjections, await events.head(), 30_000)).toBe(true);
    await publish(events, 'two');
    expect(await waitForPosition(readModels, knownProjections, await events.head(), 30_000)).toBe(true);
    expect(await readModels.get(notices, 'one')).toMatchObject({ title: 'one' });
    expect(await readModels.get(notices, 'two')).toMatchObject({ title: 'two' });
    await host.stop();
    expect(host.state()).toMatchObject({ state: 'live', position: await events.head(), lag: 0 });
    await publish(events, 'three');
    expect(await waitForPosition(readModels, knownProjections, await events.head(), 0)).toBe(false);
    await events.close();
    await readModels.close();
    rmSync(folder, { recursive: true });
  });
});

async function inlineHost(folder: string): Promise<ProjectorHost> {
  const events = new SqliteEventStore(join(folder, 'events.sqlite'), knownEvents);
  const store = new SqliteProjectionStore(join(folder, 'read-models.sqlite'));
  return new ProjectorHost(inline((report, signal) => new Projector(events, store, knownProjections, { report, holder: uuid() }).run(signal)));
}

async function publish(events: SqliteEventStore, notice: string): Promise<void> {
  const data = { notice, title: notice, publishedAt: '2026-11-22T08:00:00Z', body: '' };
  const metadata = { command: uuid(), correlation: 'test', by: 'office', origin: 'office' as const };
  const append: Append = {
    stream: { name: `notice-${notice}` },
    expected: 'no_stream',
    events: [{ id: uuid(), type: 'NoticePublished', data, metadata }],
  };
  await events.append([append]);
}
