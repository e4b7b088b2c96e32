import type { EventStore } from '../event-store/event-store.js';
import { type BuildCondition, type BuildRole, buildCondition, buildRole, type Condition } from './build-condition.js';
import type { BuildStore } from './build-store.js';
import { newestVersions } from './projecting/new-versions.js';
import { type Projection, projectionOf } from './projection.js';
import type { Checkpoint, ProjectionStore, Quarantined } from './read-models.js';
import { placeholderProjection } from './rebuilding/rebuild-targets.js';
import type { Build } from './registry.js';

/** The condition of a build, with its lag and its documents. */
export interface BuildReport {
  readonly build: Build;
  readonly role: BuildRole;
  /** `unread`: the place of its documents is gone, or made otherwise. */
  readonly condition: Condition | 'unread';
  /** Why it is stopped. */
  readonly reason?: string;
  readonly position: string;
  /** Events that it has not seen, or how many the log counts where there may be more; null where it has seen what is not in this log. */
  readonly behind: number | null;
  /** Whether there may be more than `behind` says. */
  readonly more: boolean;
  /** Null where the place of its documents is gone. */
  readonly documents: number | null;
  readonly quarantined: readonly Quarantined[];
}

export interface ReportPorts {
  readonly events: EventStore;
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
  readonly code: readonly Projection[];
}

/**
 * All builds, and the read models of this release of which there is none to be read.
 * @param isRebuilding whether a rebuild is at work where this process looks
 */
export async function buildReports(
  ports: ReportPorts,
  isRebuilding: boolean,
): Promise<{ readonly builds: readonly BuildReport[]; readonly unmade: readonly string[] }> {
  const registry = await ports.builds.registry();
  const head = await ports.events.head();
  const builds = await Promise.all(
    registry.builds.map(async (build): Promise<BuildReport> => {
      const projection = projectionOf(ports.code, build) ?? placeholderProjection(build);
      const [checkpoint] = (await ports.store.checkpoints([projection])) as [Checkpoint];
      const [condition, place] = [await buildCondition(projection, build, checkpoint, head, ports.events), await placeOf(build, projection, ports)];
      const { position } = checkpoint;
      return {
        build,
        role: buildRole(registry, build, isRebuilding),
        ...(place === 'whole' || build.state === 'building' ? condition : { condition: 'unread' }),
        position,
        ...(await lagOf(condition, position, head, ports.events)),
        documents: place === 'missing' ? null : await ports.builds.count(projection),
        quarantined: [...(await ports.store.quarantined(projection)).values()],
      };
    }),
  );
  const served = new Set(builds.filter(({ role }) => role === 'served').map(({ build }) => build.readModel));
  return {
    builds,
    unmade: newestVersions(ports.code)
      .map(({ name }) => name)
      .filter((name) => !served.has(name)),
  };
}

/** The report of a build whose code this release does not have: only that it exists. */
async function placeOf(build: Build, projection: Projection, { builds, code }: ReportPorts): Promise<'whole' | 'missing' | 'other'> {
  const { place } = await builds.inspect(projection);
  return place === 'other' && !projectionOf(code, build) ? 'whole' : place;
}

async function lagOf({ condition }: BuildCondition, position: string, head: string, events: EventStore): Promise<Pick<BuildReport, 'behind' | 'more'>> {
  if (condition === 'needs-rebuild') return { behind: null, more: false };
  const behind = await events.count(position, head);
  return { behind, more: behind >= events.countLimit };
}
