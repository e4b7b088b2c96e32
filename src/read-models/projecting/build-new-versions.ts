import { v4 as uuid } from 'uuid';
import { type Rebuilt, type ReplayOptions, type ReplayPorts, rebuild } from '../rebuilding/rebuild.js';
import { withRequest } from '../registry.js';
import { newVersions } from './new-versions.js';

/**
 * Builds the newer versions beside what is served, which stays until someone switches, or the projector is asked to at
 * once (AUTO_SWITCH).
 * @throws AlreadyReplaying, StoreUnavailable, and the signal's reason
 */
export async function buildNewVersions(ports: ReplayPorts, autoSwitch: boolean, options: ReplayOptions = {}): Promise<readonly Rebuilt[]> {
  const { builds, code, fingerprints } = ports;
  const wanted = newVersions(await builds.registry(), code, fingerprints);
  if (wanted.length === 0) return [];
  const rebuilt = await rebuild(wanted, ports, options);
  if (autoSwitch) {
    for (const { build, outcome } of rebuilt) {
      if (outcome === 'current') await builds.change((registry) => withRequest(registry, uuid(), { kind: 'switch', build, accepted: [] }));
    }
  }
  return rebuilt;
}
