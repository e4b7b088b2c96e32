import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START } from '../../src/event-store/event.js';
import { Metrics } from '../../src/kernel/metrics.js';
import { StoreUnavailable } from '../../src/kernel/store-unavailable.js';
import { exposeProjectionMetrics } from '../../src/metrics/projections.js';
import type { ProjectorProgress } from '../../src/read-models/projecting/projector.js';
import { EMPTY_REGISTRY } from '../../src/read-models/registry.js';
import { logLines } from '../log-lines.js';
import { added, countsByTarget, spoilt, textsBySubject } from '../read-models/counting.js';
import { MemoryEventStore, type Told } from '../read-models/memory.event-store.js';
import { ReadModelsFolder } from '../read-models/projecting/projecting.js';
import { valuesOf } from './exposed.js';

const projections = [textsBySubject, countsByTarget];
const lines = logLines();

let events: MemoryEventStore;
let folder: ReadModelsFolder;
let metrics: Metrics;
let progress: ProjectorProgress | undefined;
beforeEach(() => {
  events = new MemoryEventStore();
  folder = new ReadModelsFolder();
  metrics = new Metrics('main');
  progress = undefined;
  const state = () => progress ?? { state: 'starting' as const, position: START, lag: 0, stopped: {}, quarantined: {} };
  exposeProjectionMetrics(metrics, events, folder.readModels, { registry: async () => EMPTY_REGISTRY }, { state }, projections);
});
afterEach(() => folder.drop());

const lags = async () => ({ events: await valuesOf(metrics, 'projection_lag_events'), seconds: await valuesOf(metrics, 'projection_lag_seconds') });
const ofEach = (texts: number, counts: number) => [
  { labels: { projection: textsBySubject.name }, value: texts },
  { labels: { projection: countsByTarget.name }, value: counts },
];

describe('The lag of a read model', () => {
  it('The lag of a read model is 0 on an empty log and when all is projected', async () => {
    expect(await lags()).toEqual({ events: ofEach(0, 0), seconds: ofEach(0, 0) });
    events.tell([added('zhang', 'a'), added('li', 'b')]);
    await folder.project(events, projections);
    expect(await lags()).toEqual({ events: ofEach(0, 0), seconds: ofEach(0, 0) });
  });

  it('The lag of a read model is the number of events that it has not seen and the age of the oldest, also without a running projector', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, [textsBySubject]);
    const recordedAt = new Date(Date.now() - 90_000).toISOString();
    events.tell([
      { ...added('zhang', 'b'), recordedAt },
      { ...added('li', 'c'), recordedAt: new Date().toISOString() },
    ]);
    const { events: missing, seconds } = await lags();
    expect(missing).toEqual(ofEach(2, 3));
    expect(Math.round(seconds[0]?.value ?? 0)).toBe(90);
  });

  it('The lag of a read model has no value while the log does not answer, and other metrics have one', async () => {
    await lags();
    events.head = () => Promise.reject(new StoreUnavailable('no node is there'));
    expect(await lags()).toEqual({ events: [], seconds: [] });
    expect(await valuesOf(metrics, 'quarantined_documents')).toEqual([]);
    expect(lines.join('')).toContain('no node is there');
  });

  it('The lag of a read model has no value where the log is an older copy than the read models have seen', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, projections);
    events.restore(1);
    expect(await lags()).toEqual({ events: [], seconds: [] });
    expect(lines.join('')).toContain('日志是另一份，或是较旧的副本');
  });
});

describe('The metrics of a projector', () => {
  it('The metrics of a projector are its state and the quarantined documents of each read model', async () => {
    events.tell([added('zhang', 'a'), spoilt('zhang'), spoilt('li'), added('zhang', 'b')]);
    progress = await folder.project(events, projections);
    expect((await valuesOf(metrics, 'projector_state')).filter(({ value }) => value === 1)).toEqual([{ labels: { state: 'live' }, value: 1 }]);
    expect(await valuesOf(metrics, 'quarantined_documents')).toEqual(ofEach(2, 0));
    // and known again by one that starts later
    progress = await folder.project(events, projections);
    expect(await valuesOf(metrics, 'quarantined_documents')).toEqual(ofEach(2, 0));
  });

  it('The metrics of a projector leave out quarantine while another process projects, which reports it', async () => {
    const first = folder.start(events, projections);
    await first.untilState('live');
    const second = folder.start(events, projections);
    progress = await second.untilState('waiting');
    expect(await valuesOf(metrics, 'quarantined_documents')).toEqual([]);
    await second.stop();
    await first.stop();
  });
});

describe('The condition of a read model', () => {
  const conditions = async () => {
    const set = (await valuesOf(metrics, 'read_model_condition')).filter(({ value }) => value === 1);
    return set.map(({ labels: { projection, condition } }) => `${projection} ${condition}`);
  };

  it('The condition of a read model is computed from the log and the stored checkpoint, also without a running projector', async () => {
    events.tell([added('zhang', 'a')]);
    await folder.project(events, [textsBySubject]);
    expect(await conditions()).toEqual(['texts-by-subject live', 'counts-by-target behind']);
    expect(await valuesOf(metrics, 'projections_stopped')).toEqual([{ labels: {}, value: 0 }]);
  });

  it("The condition of a read model is stopped where the next event's document cannot be determined", async () => {
    await folder.project(events, projections);
    const newer: Told = { type: 'Newer', data: {}, unknown: true };
    events.tell([newer]);
    expect(await conditions()).toEqual(['texts-by-subject stopped', 'counts-by-target stopped']);
    expect(await valuesOf(metrics, 'projections_stopped')).toEqual([{ labels: {}, value: 2 }]);
  });

  it('The condition of a read model is needs-rebuild where it has seen an event that is not in the log', async () => {
    events.tell([added('zhang', 'a'), added('zhang', 'b')]);
    await folder.project(events, projections);
    events.restore(1);
    expect(await conditions()).toEqual(['texts-by-subject needs-rebuild', 'counts-by-target needs-rebuild']);
  });
});
