import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { v4 as uuid } from 'uuid';
import { knownEvents } from '../../src/composition/known/events.js';
import { knownReactors } from '../../src/composition/known/reactors.js';
import { knownTimers } from '../../src/composition/known/timers.js';
import { SqliteEventStore } from '../../src/event-store/sqlite/event-store.js';
import { Metrics } from '../../src/kernel/metrics.js';
import type { SupervisedWorker } from '../../src/kernel/supervisor.js';
import { exposeReactionMetrics } from '../../src/metrics/reactions.js';
import type { ReactionProgress } from '../../src/reactions/progress.js';
import { ReactionHost } from '../../src/reactions/reaction-host.js';
import { initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { ProjectorHost } from '../../src/read-models/projecting/projector-host.js';
import { readSettings } from '../../src/settings/settings.js';
import { valuesOf } from '../metrics/exposed.js';
import { until } from '../until.js';

let folder: string;
let events: SqliteEventStore;
let store: SqliteReactionStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acting-host-'));
  events = new SqliteEventStore(join(folder, 'events.sqlite'), knownEvents);
  store = new SqliteReactionStore(join(folder, 'read-models.sqlite'));
});
afterEach(async () => {
  await events.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const typesOf = async (stream: string) => ((await events.streams([stream]))[0] ?? []).map(({ type }) => type);

it('A confirmed enrolment gets a bill, which expires at its deadline and releases the courses, in the reactors’ thread', async () => {
  const settings = readSettings({ NODE_ENV: 'test', DATA_DIR: folder, DEMO: 'false', LOG_LEVEL: 'silent', ROLES: 'reactor,timer' });
  await initializeReactors(events, store, knownReactors);
  const confirmed = { candidateId: 'zhang', period: '2604', bill: '26040000000001', lines: [{ code: '00261', fen: 4_600 }], fen: 4_600 };
  const metadata = { command: uuid(), correlation: uuid(), by: 'zhang', origin: 'person' as const };
  const of = { createdAt: '2026-01-01T00:00:00.000Z', dueBy: '2026-01-02T00:00:00.000Z' };
  const event = { id: uuid(), type: 'EnrolmentConfirmed', data: { ...confirmed, ...of }, metadata };
  await events.append([{ stream: { name: 'enrolment-zhang-2604', subject: 'zhang' }, expected: 'no_stream', events: [event] }]);

  const metrics = new Metrics('main');
  let host: ReactionHost | undefined;
  host = ReactionHost.start(
    settings,
    exposeReactionMetrics(metrics, events, store, knownReactors, () => host),
  );
  const projector = await ProjectorHost.start(settings);
  await until('the courses to be free', async () => (await typesOf('enrolment-zhang-2604')).includes('EnrolmentFreed'));
  expect(await typesOf('bill-26040000000001')).toEqual(['BillIssued', 'BillExpired']);
  await until('all to be taken up', async () => (await valuesOf(metrics, 'reactor_lag_events')).every(({ value }) => value === 0));
  expect(await valuesOf(metrics, 'reactor_held_streams')).toEqual(knownReactors.map(({ name }) => ({ labels: { reactor: name }, value: 0 })));
  const all = [...knownReactors, ...knownTimers].map(({ name }) => name).sort();
  await until('all to be at work', async () => {
    const atWork = (await valuesOf(metrics, 'acting_state')).filter(({ labels, value }) => labels.state === 'at-work' && value === 1);
    return String(atWork.map(({ labels }) => labels.name).sort()) === String(all);
  });
  const expected = ['reactor bills 1', 'reactor enrolments 1', 'timer payments 1'];
  await until('what was recorded to be counted', async () => {
    const counted = (await valuesOf(metrics, 'acting_commands_total')).filter(({ labels, value }) => labels.outcome === 'recorded' && value > 0);
    return String(counted.map(({ labels: { kind, name }, value }) => `${kind} ${name} ${value}`).sort()) === String(expected);
  });

  await host.stop();
  await projector.stop();
  for (const { name } of knownReactors) expect(await store.lease(`reactor ${name}`, 'next')).toBeDefined();
});

it('A crashed thread is restarted, and its reactors have no state until they report again', async () => {
  const started: { report: (progress: ReactionProgress) => void; dies: () => void }[] = [];
  const waited: number[] = [];
  const launch = (report: (progress: ReactionProgress) => void): SupervisedWorker => {
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    started.push({ report, dies: () => reject(new Error('killed')) });
    return { ended, stop: resolve };
  };
  const heard: ReactionProgress[] = [];
  const host = new ReactionHost(
    launch,
    (progress) => heard.push(progress),
    async (_, ms) => {
      waited.push(ms);
    },
  );
  const atWork = { kind: 'reactor', name: 'bills', state: 'at-work', held: 2, commands: { recorded: 1, nothing: 0, refused: 0, failed: 0 } } as const;
  started[0]?.report(atWork);
  expect(host.state()).toEqual([atWork]);
  expect(heard).toEqual([atWork]);
  started[0]?.dies();
  await until('it to be started again', () => started.length === 2);
  expect(host.state()).toEqual([]);
  started[1]?.dies();
  await until('it to be started once more', () => started.length === 3);
  expect(waited).toEqual([1_000, 2_000]);
  await host.stop();
});
