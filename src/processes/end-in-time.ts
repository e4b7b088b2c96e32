import { log } from '../kernel/log.js';

/** Milliseconds; whoever tells a process to end kills it after 40 s. */
const LONGEST = 38_000;

/**
 * Ends what runs. When that, or the process after it, takes too long, the process is ended all the same: as after SIGKILL, nothing
 * that was acknowledged is lost, and unlike then its log says so.
 */
export async function endInTime(stop: () => Promise<void>, exit: (code: number) => void = process.exit, longest = LONGEST): Promise<void> {
  const overdue = setTimeout(() => {
    log.error('the process does not end by itself and is ended');
    exit(1);
  }, longest);
  await stop();
  overdue.unref();
}
