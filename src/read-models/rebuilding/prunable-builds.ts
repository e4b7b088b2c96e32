import { buildRole } from '../build-condition.js';
import type { BuildStore } from '../build-store.js';
import { BadChange, type Build, partsOfName, type Registry, withoutBuild, withoutUnfinished } from '../registry.js';
import { placeholderProjection } from './rebuild-targets.js';

/**
 * Why a build can go. `kept`: it is older than what is served, and not the way back; `broken-off`: its making was ended;
 * `unregistered`: the registry does not have it, as when a process died while it removed one.
 */
export type PruneReason = 'kept' | 'broken-off' | 'unregistered';

/** A build that nobody uses. */
export interface PrunableBuild {
  readonly name: string;
  readonly why: PruneReason;
  /** Stored documents, tombstones included. */
  readonly documents: number;
  /** About how many bytes of a file they take; 0 where builds are kept elsewhere. */
  readonly bytes: number;
}

/**
 * Builds that nobody uses; to be called while the folder of rebuilds is locked. Where builds are on a server, another machine may be
 * making one: none is broken off there.
 */
export async function prunableBuilds(builds: BuildStore, now: Date): Promise<readonly PrunableBuild[]> {
  const stored = await builds.storedBuilds(); // before the registry: what is begun meanwhile is in it
  const registry = await builds.registry();
  const found: readonly (readonly [Pick<Build, 'name' | 'readModel' | 'version'>, PruneReason])[] = [
    ...registry.builds.filter((build) => isBeyondWayBack(registry, build, now)).map((build) => [build, 'kept'] as const),
    ...(builds.file === undefined ? [] : registry.builds.filter(({ state }) => state === 'building').map((build) => [build, 'broken-off'] as const)),
    ...unregistered(registry, stored).map((build) => [build, 'unregistered'] as const),
  ];
  return Promise.all(
    found.map(async ([build, why]) => {
      const projection = placeholderProjection(build);
      const [{ stored: documents }, bytes] = [await builds.inspect(projection), await builds.size(projection)];
      return { name: build.name, why, documents, bytes };
    }),
  );
}

/** Removes a build where it is still so that nobody uses it; answers whether it was. */
export async function pruneBuild(builds: BuildStore, { name, why }: PrunableBuild, now: Date): Promise<boolean> {
  const build = partsOfName(name);
  if (!build) return false;
  try {
    const registry = await builds.change((before) => {
      if (why === 'kept') return withoutBuild(before, name, now.toISOString());
      return why === 'broken-off' ? withoutUnfinished(before, [name]) : before;
    });
    if (registry.builds.some((each) => each.name === name)) return false;
  } catch (error) {
    if (error instanceof BadChange) return false;
    throw error;
  }
  await builds.drop(placeholderProjection(build));
  return true;
}

function isBeyondWayBack(registry: Registry, build: Build, now: Date): boolean {
  if (buildRole(registry, build, false) !== 'kept' || registry.before[build.readModel] === build.name) return false;
  try {
    withoutBuild(registry, build.name, now.toISOString());
    return true;
  } catch (error) {
    if (error instanceof BadChange) return false; // a page may still read it
    throw error;
  }
}

/** None where there is no registry at all: what is served is not known then. */
function unregistered({ builds }: Registry, stored: readonly string[]): readonly Pick<Build, 'name' | 'readModel' | 'version'>[] {
  if (builds.length === 0) return [];
  const known = new Set(builds.map(({ name }) => name));
  return stored.filter((name) => !known.has(name)).flatMap((name) => partsOfName(name) ?? []);
}
