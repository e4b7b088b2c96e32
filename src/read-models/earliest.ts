import { type Position, START } from '../event-store/event.js';

/** The earliest of some positions; START of none. */
export function earliest(positions: readonly Position[]): Position {
  return positions.toSorted()[0] ?? START; // sorts as `<` does
}
