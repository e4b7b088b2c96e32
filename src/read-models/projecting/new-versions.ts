import { type Fingerprints, isMadeByOtherCode } from '../fingerprints.js';
import type { Projection } from '../projection.js';
import type { Registry } from '../registry.js';

/** The newest version of each read model. */
export function newestVersions(code: readonly Projection[]): readonly Projection[] {
  return [...Map.groupBy(code, ({ name }) => name).values()].map((versions) => versions.reduce((one, other) => (other.version > one.version ? other : one)));
}

/** The read models of which this release has a newer version than was ever made whole, while an older one is served. */
export function newVersions(registry: Registry, code: readonly Projection[], fingerprints: Fingerprints): readonly Projection[] {
  return newestVersions(code).filter(({ name, version }) => {
    if (!(name in registry.serving)) return false; // the projector begins it itself
    const made = registry.builds.filter((build) => build.readModel === name && build.version >= version && build.state === 'current');
    return made.every((build) => isMadeByOtherCode(build, code, fingerprints)); // nobody can switch to one that other code made
  });
}
