import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import type { ReadModels } from '../read-models.js';

/** How often a page that waits looks again, in milliseconds: a projector beside it takes about as long. */
const AGAIN = 10;

/**
 * Waits until these read models have seen the log up to a position. At once when they have; false when they have not
 * within `withinMs`.
 */
export async function waitFor(readModels: ReadModels, projections: readonly Projection[], position: Position, withinMs: number): Promise<boolean> {
  if (projections.length === 0) return true;
  const end = performance.now() + withinMs;
  while ((await readModels.position(projections)) < position) {
    const left = end - performance.now();
    if (left <= 0) return false;
    await pause(Math.min(AGAIN, left));
  }
  return true;
}
