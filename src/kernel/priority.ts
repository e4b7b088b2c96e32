import { constants, setPriority } from 'node:os';
import { log } from './log.js';

/** From now on this thread works when pages leave it time: on Linux it alone, with the threads that it starts. */
export function goAfterPages(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.warn({ err: error }, 'this works at the priority of the pages');
  }
}
