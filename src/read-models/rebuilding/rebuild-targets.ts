import type { BuildStore } from '../build-store.js';
import { type Fingerprints, isMadeByEquivalentCode } from '../fingerprints.js';
import { type Projection, projectionOf } from '../projection.js';
import { type Build, nextName, withBuild, withoutUnfinished } from '../registry.js';
import type { Manifest } from './replay-manifest.js';

/** A build that is being made. */
export interface Target {
  readonly build: Build;
  readonly projection: Projection;
}

/** What targets are found and registered with. */
export interface TargetPorts {
  readonly builds: BuildStore;
  readonly code: readonly Projection[];
  readonly fingerprints: Fingerprints;
}

/** The builds of just these projections that an earlier run has begun; undefined unless there is one of each. */
export async function findUnfinishedTargets(
  projections: readonly Projection[],
  { builds, code, fingerprints }: TargetPorts,
): Promise<readonly Target[] | undefined> {
  const registry = await builds.registry();
  const targets = projections.flatMap((projection) => {
    const build = registry.builds.findLast((each) => isUnfinished(each, projection) && isMadeByEquivalentCode(projection, each.fingerprint, fingerprints));
    return build ? [targetOf(build, code)] : [];
  });
  return targets.length === projections.length ? targets : undefined;
}

/** Registers a new build of each projection; it replaces any unfinished one. */
export async function registerTargets(projections: readonly Projection[], { builds, code, fingerprints }: TargetPorts, now: Date): Promise<readonly Target[]> {
  let made: readonly Build[] = [];
  let given: readonly Build[] = [];
  await builds.change((registry) => {
    made = projections.map((projection): Build => {
      const { name: readModel, version } = projection;
      const fingerprint = fingerprints.of(projection);
      return { name: nextName(registry, readModel, version), readModel, version, fingerprint, state: 'building', form: 'fields', begun: now.toISOString() };
    });
    given = registry.builds.filter((build) => projections.some(({ name }) => build.state === 'building' && build.readModel === name));
    const without = withoutUnfinished(
      registry,
      given.map(({ name }) => name),
    );
    return made.reduce(withBuild, without);
  });
  for (const build of given) await builds.drop(placeholderProjection(build));
  return made.map((build) => targetOf(build, code));
}

/** The builds that spooled events are for, as in the manifest. */
export function builtBy(targets: readonly Target[]): Manifest['builds'] {
  return targets.map(({ build: { name, fingerprint } }) => ({ name, fingerprint }));
}

/** Names the storage of a build whose code this release may not have. */
export function placeholderProjection({ readModel: name, version, name: build }: Pick<Build, 'name' | 'readModel' | 'version'>): Projection {
  const made: Projection = { name, version, key: () => undefined, empty: {}, on: {} };
  return projectionOf([made], { readModel: name, version, name: build }) ?? made;
}

function targetOf(build: Build, code: readonly Projection[]): Target {
  const projection = projectionOf(code, build);
  if (!projection) throw new Error(`there is no code for ${build.name}`);
  return { build, projection };
}

function isUnfinished({ readModel, version, state }: Build, projection: Projection): boolean {
  return state === 'building' && readModel === projection.name && version === projection.version;
}
