import { constants, setPriority } from 'node:os';
import { log } from './log.js';

/** Lowers the priority of this thread below that of threads that serve pages; on Linux of it and the threads that it starts, elsewhere of the process. */
export function lowerThreadPriority(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.warn({ err: error }, 'this works at the priority of the pages');
  }
}
