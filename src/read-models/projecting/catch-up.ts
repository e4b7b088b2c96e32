import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import type { Projection } from '../projection.js';
import type { ProjectionStore } from '../read-models.js';
import type { PhaseProgress } from '../rebuilding/replay-progress.js';
import { BatchFold, type ProjectionStatus } from './batch-fold.js';
import { earliest } from './earliest.js';
import { type AssertStorable, storing } from './fold-document.js';
import { WriteThrottle } from './write-throttle.js';

/** Events in one batch; larger ones are not faster. */
const BATCH = 2_000;
/** A pass of fewer events ends the catch-up: the projector does the rest in a moment. Every log can count so far. */
const NEAR_ENOUGH = 10_000;
/** Limits the catch-up however fast the log grows. */
const MAX_PASSES = 20;
/** Milliseconds of pause after every thousand documents, for other writers. */
const WRITE_PAUSE = 10;

/** The stores with which builds catch up. */
interface Ports {
  readonly events: EventStore;
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
}

/**
 * Catches rebuilt builds up with the log in batches, as the projector does, until they are near its end.
 * @param stopped by index of the projection, why it is stopped
 * @param assertNotCancelled throws when no other batch is to be read
 */
export async function catchUp(
  projections: readonly Projection[],
  stopped: readonly (string | undefined)[],
  { events, builds, store }: Ports,
  assertNotCancelled: () => Promise<unknown>,
  progress: PhaseProgress,
): Promise<readonly ProjectionStatus[]> {
  const folding = new BatchFold(projections);
  const pace = new WriteThrottle(WRITE_PAUSE);
  const assertStorable: AssertStorable = (projection, document) => builds.assertStorable(projection, document);
  let statuses = await loadStatuses(projections, stopped, store);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const head = await events.head();
    let position = earliest(statuses.filter((status) => status.stopped === undefined).map(({ checkpoint }) => checkpoint.position));
    const [from, behind] = [position, await events.count(position, head)];
    progress.begin(events.distance(from, head));
    for (let items = 0; position < head; ) {
      await assertNotCancelled();
      const page = await events.read(position, BATCH);
      const before = statuses;
      statuses = await storing(assertStorable, async (asserting) => {
        const folded = await folding.fold(before, page, (projection, keys) => store.load(projection, keys), asserting);
        for (const { projection, documents, quarantined, checkpoint } of folded.batches) {
          await pace.write(documents.size, () => builds.fill(projection, documents, quarantined));
          await builds.complete(projection, checkpoint);
        }
        return folded.statuses;
      });
      if (statuses.every((status) => status.stopped !== undefined)) return statuses;
      position = page.position;
      items += page.events.length;
      progress.reach(events.distance(from, position < head ? position : head), items);
    }
    if (behind < NEAR_ENOUGH) break;
  }
  return statuses;
}

async function loadStatuses(
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
