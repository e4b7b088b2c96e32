import { type Position, START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import { newestVersions } from './projecting/new-versions.js';
import { stopReason } from './projecting/stop-reason.js';
import { type Projection, projectionOf } from './projection.js';
import type { Checkpoint, ReadModels } from './read-models.js';
import { type Build, type Registry, servedBuild } from './registry.js';
import { isOfThisLog } from './serving/of-this-log.js';

export const CONDITIONS = ['live', 'behind', 'first-build', 'stopped', 'needs-rebuild', 'missing'] as const;

/**
 * `live`: it has seen the log's end; `behind`; `first-build`: it is behind, and has not yet seen what was recorded before it was begun;
 * `stopped`: the document key of the next event is unknown; `needs-rebuild`: it has seen what is not in this log; `missing`: the registry names
 * a build that it does not hold, or the place of its documents is gone.
 */
export type Condition = (typeof CONDITIONS)[number];

export interface BuildCondition {
  readonly condition: Condition;
  /** Why it is stopped. */
  readonly reason?: string;
}

/** The condition of a build, from what is stored of it and the log: every process finds the same, whoever projects. */
export async function buildCondition(
  projection: Projection,
  build: Pick<Build, 'begun'> | undefined,
  checkpoint: Checkpoint,
  head: Position,
  events: Pick<EventStore, 'at' | 'head' | 'read'>,
): Promise<BuildCondition> {
  if (!(await isOfThisLog(events, checkpoint))) return { condition: 'needs-rebuild' };
  if (checkpoint.position >= head) return { condition: 'live' };
  const [next] = (await events.read(checkpoint.position, 1)).events;
  const reason = next && stopReason(projection, next);
  if (reason !== undefined) return { condition: 'stopped', reason };
  return { condition: build && next && next.recordedAt < build.begun ? 'first-build' : 'behind' };
}

/**
 * The condition of the served build of a read model.
 * @param code the projections of this release
 */
export async function servedCondition(
  readModel: string,
  code: readonly Projection[],
  registry: Registry,
  readModels: Pick<ReadModels, 'checkpoint' | 'withoutPlace'>,
  head: Position,
  events: Pick<EventStore, 'at' | 'head' | 'read'>,
): Promise<BuildCondition & { readonly position: Position }> {
  const [newest] = newestVersions(code.filter(({ name }) => name === readModel));
  if (!newest || isServedMissing(registry, readModel)) return { condition: 'missing', position: START };
  const build = servedBuild(registry, readModel);
  const checkpoint = await readModels.checkpoint([newest]);
  // one that has seen nothing yet may be about to be made
  const isLost = checkpoint.position !== START && (await readModels.withoutPlace([newest])).length > 0;
  if (isLost) return { condition: 'missing', position: START };
  const condition = await buildCondition((build && projectionOf(code, build)) ?? newest, build, checkpoint, head, events);
  return { ...condition, position: checkpoint.position };
}

/** Whether the registry names a build to be served that it does not hold. */
export function isServedMissing(registry: Registry, readModel: string): boolean {
  return registry.serving[readModel] !== undefined && !servedBuild(registry, readModel);
}

/**
 * What a build is for. `served`; `awaiting-switch`: newer than what is served; `kept`: it was served before, or is older;
 * `building`: it is being made; `broken-off`: its making was ended, and nobody is at it.
 */
export type BuildRole = 'served' | 'awaiting-switch' | 'kept' | 'building' | 'broken-off';

/** @param isRebuilding whether a rebuild is at work where this process looks */
export function buildRole(registry: Registry, { name, readModel, state, begun, left }: Build, isRebuilding: boolean): BuildRole {
  if (state === 'building') return isRebuilding ? 'building' : 'broken-off';
  if (registry.serving[readModel] === name) return 'served';
  const served = servedBuild(registry, readModel);
  return left === undefined && (!served || begun > served.begun) ? 'awaiting-switch' : 'kept';
}
