import { type Position, type Recorded, START } from '../../event-store/event.js';
import { underBorrowedLease } from '../projecting/borrowed-lease.js';
import { EventRouting, keyOf } from '../projecting/event-routing.js';
import { foldDocument } from '../projecting/fold-document.js';
import type { Checkpoint, ExpectedDocument } from '../read-models.js';
import type { ReplayPorts } from '../rebuilding/rebuild.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import type { SpooledLog } from '../rebuilding/spooled-log.js';
import { writeExpected } from './write-expected.js';

/** The result of repairing documents of a build. */
export interface Repaired {
  /** Written anew. */
  readonly written: readonly string[];
}

/** Events that are read at a time. */
const PAGE = 1_000;

/**
 * Folds documents anew from all their events and writes those that are not as they should be, under the projector's lease: nobody
 * else writes a document between the look at it and the write.
 * @param keys by place of the target, the documents to be repaired
 * @throws StoreUnavailable, LeaseLost, and the signal's reason
 */
export async function repairDocuments(
  targets: readonly Target[],
  keys: readonly (readonly string[])[],
  spooled: SpooledLog,
  ports: ReplayPorts,
  signal: AbortSignal,
): Promise<readonly Repaired[]> {
  const projections = targets.map(({ projection }) => projection);
  for (const { projection } of targets) {
    await ports.builds.prepare(projection); // with its indexes
    await ports.builds.removeOrphanedValues(projection);
  }
  return underBorrowedLease(ports, signal, async (lease) => {
    const checkpoints = await ports.store.checkpoints(projections);
    const recent = await recentEvents(targets, keys, spooled, checkpoints, ports);
    const written = targets.map((): string[] => []);
    const builds = targets.map(({ build }) => build);
    await spooled.again(keys.flat(), builds, async (partition, isHere) => {
      signal.throwIfAborted();
      const refolded = await ports.workers.refold(builds, { partition, keys: keys.map((each) => each.filter(isHere)) });
      for (const [place, target] of targets.entries()) {
        const expected = new Map(Array.from(refolded[place] ?? [], ([key, whole]) => [key, withRecent(target, whole, recent[place]?.get(key) ?? [])] as const));
        written[place]?.push(...(await writeExpected(target, expected, lease, ports.store)));
      }
    });
    return written.map((each): Repaired => ({ written: each }));
  });
}

/** Empties builds whose tables do not match their projections: the projector then folds them from the start. */
export async function emptyMadeOtherwise(targets: readonly Target[], ports: ReplayPorts, signal: AbortSignal): Promise<readonly Target[]> {
  const { builds } = ports;
  const places = await Promise.all(targets.map(({ projection }) => builds.inspect(projection)));
  const otherwise = targets.filter((_, at) => places[at]?.place === 'other');
  if (otherwise.length === 0) return [];
  await underBorrowedLease(ports, signal, async () => {
    for (const { projection } of otherwise) {
      await builds.drop(projection);
      await builds.prepare(projection);
    }
  });
  return otherwise;
}

/** By place and key, the events that were recorded since the log was spooled and that the build has seen. */
async function recentEvents(
  targets: readonly Target[],
  keys: readonly (readonly string[])[],
  spooled: SpooledLog,
  checkpoints: readonly Checkpoint[],
  { events }: ReplayPorts,
): Promise<readonly ReadonlyMap<string, readonly Recorded[]>[]> {
  const recent = targets.map(() => new Map<string, Recorded[]>());
  const wanted = keys.map((each) => new Set(each));
  const routing = new EventRouting(targets.map(({ projection }) => projection));
  const upTo = checkpoints.map(({ position }) => position).reduce((last, position) => (position > last ? position : last), START);
  for (let position: Position = spooled.head.position; position < upTo; ) {
    const page = await events.read(position, PAGE);
    for (const event of page.events) {
      for (const place of routing.projectionsOf(event)) {
        const { build, projection } = targets[place] as Target;
        if (event.position > (checkpoints[place]?.position ?? START) || spooled.stopOf(build.name)) continue;
        const key = keyOf(projection, event);
        if (key === undefined || !wanted[place]?.has(key)) continue;
        const before = recent[place]?.get(key);
        if (before) before.push(event);
        else recent[place]?.set(key, [event]);
      }
    }
    if (page.end) break;
    position = page.position;
  }
  return recent;
}

function withRecent({ projection }: Target, whole: ExpectedDocument, events: readonly Recorded[]): ExpectedDocument {
  if (whole.fault || events.length === 0) return whole;
  const { after, fault } = foldDocument(projection, whole.stored, events);
  return { stored: after ?? whole.stored, ...(fault && { fault }) };
}
