import { type Position, START } from '../../event-store/event.js';
import type { Checkpoint } from '../read-models.js';

/** The earliest of some positions; START of none. */
export function earliest(positions: readonly Position[]): Position {
  return positions.toSorted()[0] ?? START; // sorts as `<` does
}

/** The same of checkpoints. */
export function earliestOf(checkpoints: readonly Checkpoint[]): Checkpoint {
  return checkpoints.toSorted((one, other) => (one.position < other.position ? -1 : 1))[0] ?? { position: START };
}
