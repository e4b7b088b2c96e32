import { constants, setPriority } from 'node:os';
import { log } from './log.js';

/** Lowers the priority below that of threads that serve pages: on Linux of this thread and the threads that it starts, elsewhere of the process. */
export function lowerThreadPriority(): void {
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    log.warn({ err: error }, 'the priority of a background thread could not be lowered');
  }
}
