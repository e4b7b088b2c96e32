import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import type { ReadModels } from '../read-models.js';

/** Milliseconds between two polls: a projector on the same machine takes about as long. */
const POLL_INTERVAL = 10;

/**
 * Waits until these read models have seen the log up to a position; false when they have not within `withinMs` milliseconds.
 */
export async function waitForPosition(readModels: ReadModels, projections: readonly Projection[], position: Position, withinMs: number): Promise<boolean> {
  if (projections.length === 0) return true;
  const end = performance.now() + withinMs;
  while ((await readModels.position(projections)) < position) {
    const left = end - performance.now();
    if (left <= 0) return false;
    await pause(Math.min(POLL_INTERVAL, left));
  }
  return true;
}
