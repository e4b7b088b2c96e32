import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import type { Projection } from '../projection.js';
import type { ProjectionStore } from '../read-models.js';
import type { Reaching } from '../rebuilding/replay-progress.js';
import { earliest } from './earliest.js';
import { Folding, type ProjectionStatus } from './fold.js';
import { Pace } from './pace.js';

/** Events in one batch; larger ones are not faster. */
const BATCH = 2_000;
/** Fewer events of one pass, after which it is near enough: the projector does the rest in no time. No log counts less far. */
const NEAR = 10_000;
/** However fast the log grows. */
const MOST_PASSES = 20;
/** Milliseconds that others may write after every thousand documents. */
const PACE = 10;

/** What builds are brought up to the log with. */
interface Ports {
  readonly events: EventStore;
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
}

/**
 * Brings finished builds up to the log by batches, as the projector does, until it is near.
 * @param stopped by place of the projection, why it goes no further
 * @param goOn throws when there is to be no other batch
 */
export async function follow(
  projections: readonly Projection[],
  stopped: readonly (string | undefined)[],
  { events, builds, store }: Ports,
  goOn: () => Promise<unknown>,
  progress: Reaching,
): Promise<readonly ProjectionStatus[]> {
  const folding = new Folding(projections);
  const pace = new Pace(PACE);
  let statuses = await standingsOf(projections, stopped, store);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const head = await events.head();
    let position = earliest(statuses.filter((status) => status.stopped === undefined).map(({ checkpoint }) => checkpoint.position));
    const [from, behind] = [position, await events.count(position, head)];
    progress.begin(events.extent(from, head));
    for (let items = 0; position < head; ) {
      await goOn();
      const page = await events.read(position, BATCH);
      const folded = await folding.fold(statuses, page, (projection, keys) => store.load(projection, keys));
      for (const { projection, documents, quarantined, checkpoint } of folded.batches) {
        await pace.write(documents.size, () => builds.fill(projection, documents, quarantined));
        await builds.complete(projection, checkpoint);
      }
      statuses = folded.statuses;
      if (statuses.every((status) => status.stopped !== undefined)) return statuses;
      position = page.position;
      items += page.events.length;
      progress.reach(events.extent(from, position < head ? position : head), items);
    }
    if (behind < NEAR) break;
  }
  return statuses;
}

async function standingsOf(
  projections: readonly Projection[],
  stopped: readonly (string | undefined)[],
  store: ProjectionStore,
): Promise<readonly ProjectionStatus[]> {
  const checkpoints = await store.checkpoints(projections);
  return Promise.all(
    projections.map(async (projection, at): Promise<ProjectionStatus> => {
      const reason = stopped[at];
      const quarantined = new Set((await store.quarantined(projection)).keys());
      return { projection, checkpoint: checkpoints[at] ?? { position: '' }, quarantined, ...(reason !== undefined && { stopped: reason }) };
    }),
  );
}
