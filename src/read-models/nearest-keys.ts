import { nearestTo } from '../kernel/nearest.js';
import type { BuildStore } from './build-store.js';
import type { Projection } from './projection.js';

/** Which keys that builds have are nearest to one that they have not, to be added to a sentence; empty where none is near. */
export async function nearestKeys(key: string, projections: readonly Projection[], builds: Pick<BuildStore, 'keys'>): Promise<string> {
  const near = new Set<string>();
  for (const projection of projections) for await (const keys of builds.keys(projection)) for (const each of nearestTo(key, keys)) near.add(each);
  const nearest = nearestTo(key, near);
  return nearest.length > 0 ? `；相近的有：${nearest.join('、')}` : '';
}
