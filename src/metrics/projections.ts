import { type Position, START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Metrics } from '../kernel/metrics.js';
import { CONDITIONS, servedCondition } from '../read-models/build-condition.js';
import type { BuildStore } from '../read-models/build-store.js';
import { PROJECTOR_STATES } from '../read-models/projecting/projector.js';
import type { ProjectorHost } from '../read-models/projecting/projector-host.js';
import type { Projection } from '../read-models/projection.js';
import type { ReadModels } from '../read-models/read-models.js';

/** How far a read model is behind the log. */
interface Lag {
  readonly events: number;
  /** Since the oldest unseen event was recorded. */
  readonly seconds: number;
}

/**
 * Exposes the lag of each served read model, computed from the log and its checkpoint so that a dead or hanging projector is seen
 * too; the state of this process's projector; and the counts of quarantined documents.
 */
export function exposeProjectionMetrics(
  metrics: Metrics,
  events: EventStore,
  readModels: ReadModels,
  builds: Pick<BuildStore, 'registry'>,
  projector: Pick<ProjectorHost, 'state'>,
  projections: readonly Projection[],
): void {
  const lagEvents = metrics.gauge('projection_lag_events', 'Events that the read model has not seen; 10,000 on EventStoreDB means at least so many', [
    'projection',
  ]);
  const lagSeconds = metrics.gauge('projection_lag_seconds', 'Age of the oldest event that the read model has not seen', ['projection']);
  metrics.collectWith([lagEvents, lagSeconds], async () => {
    const positions = await Promise.all(projections.map((projection) => readModels.position([projection])));
    const lags = await lagsAfter(events, [...new Set(positions)]);
    projections.forEach(({ name }, at) => {
      const lag = lags.get(positions[at] ?? START) ?? NONE;
      lagEvents.set({ projection: name }, lag.events);
      lagSeconds.set({ projection: name }, lag.seconds);
    });
  });

  const conditions = metrics.gauge('read_model_condition', '1 for the condition of the served build of the read model', ['projection', 'condition']);
  const stopped = metrics.gauge('projections_stopped', 'Read models that are stopped until a person acts');
  metrics.collectWith([conditions, stopped], async () => {
    const [registry, head] = [await builds.registry(), await events.head()];
    const names = new Set(projections.map(({ name }) => name));
    let stoppedCount = 0;
    for (const name of names) {
      const { condition } = await servedCondition(name, projections, registry, readModels, head, events);
      if (condition === 'stopped') stoppedCount++;
      for (const each of CONDITIONS) conditions.set({ projection: name, condition: each }, each === condition ? 1 : 0);
    }
    stopped.set(stoppedCount);
  });

  const states = metrics.gauge('projector_state', '1 for the state of the projector of this process', ['state']);
  const quarantined = metrics.gauge('quarantined_documents', 'Documents that process no more events until a person acts', ['projection']);
  metrics.collectWith([states, quarantined], () => {
    const progress = projector.state();
    for (const state of PROJECTOR_STATES) states.set({ state }, state === progress.state ? 1 : 0);
    quarantined.reset();
    // known only in the process that holds the projector's lease
    for (const [projection, documents] of Object.entries(progress.quarantined)) quarantined.set({ projection }, documents);
  });
}

const NONE: Lag = { events: 0, seconds: 0 };

async function lagsAfter(events: EventStore, positions: readonly Position[]): Promise<ReadonlyMap<Position, Lag>> {
  const head = await events.head();
  return new Map(await Promise.all(positions.map(async (position) => [position, await lagAfter(events, position, head)] as const)));
}

/** @throws LogReplaced for a read model that has seen events which are not in this log */
async function lagAfter(events: EventStore, position: Position, head: Position): Promise<Lag> {
  if (position === head) return NONE;
  const [count, { events: oldest }] = await Promise.all([events.count(position, head), events.read(position, 1)]);
  const age = oldest[0] ? Date.now() - Date.parse(oldest[0].recordedAt) : 0;
  return { events: count, seconds: Math.max(0, age / 1000) };
}
