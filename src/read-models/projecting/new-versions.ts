import { v4 as uuid } from 'uuid';
import type { Projection } from '../projection.js';
import { type Rebuilt, type ReplayOptions, type ReplayPorts, rebuild } from '../rebuilding/rebuild.js';
import { type Registry, withRequest } from '../registry.js';
import { newestVersions } from './maintained-builds.js';

/** The read models of which this release has a newer version than was ever made whole, while an older one is served. */
export function newVersions(registry: Registry, code: readonly Projection[]): readonly Projection[] {
  return newestVersions(code).filter(({ name, version }) => {
    if (!(name in registry.serving)) return false; // the projector begins it itself
    return !registry.builds.some((build) => build.readModel === name && build.version >= version && build.state === 'current');
  });
}

/**
 * Builds the newer versions beside what is served, which stays until someone switches, or the projector is asked to at
 * once (AUTO_SWITCH).
 * @throws AlreadyReplaying, StoreUnavailable, and the signal's reason
 */
export async function buildNewVersions(ports: ReplayPorts, autoSwitch: boolean, options: ReplayOptions = {}): Promise<readonly Rebuilt[]> {
  const { builds, code } = ports;
  const wanted = newVersions(await builds.registry(), code);
  if (wanted.length === 0) return [];
  const rebuilt = await rebuild(wanted, ports, options);
  if (autoSwitch) {
    for (const { build, outcome } of rebuilt) {
      if (outcome === 'current') await builds.change((registry) => withRequest(registry, uuid(), { kind: 'switch', build, accepted: [] }));
    }
  }
  return rebuilt;
}
