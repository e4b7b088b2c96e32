import { log } from '../kernel/log.js';

/** Milliseconds; shorter than the 40 s after which supervisors and containers send SIGKILL. */
const DEADLINE = 38_000;

/**
 * Graceful shutdown with a deadline: when `stop`, or the exit after it, takes too long, the process exits with code 1. As after
 * SIGKILL nothing acknowledged is lost, but here it is logged.
 */
export async function stopWithinDeadline(stop: () => Promise<void>, exit: (code: number) => void = process.exit, longest = DEADLINE): Promise<void> {
  const timer = setTimeout(() => {
    log.error('the process does not end by itself and is ended');
    exit(1);
  }, longest);
  await stop();
  timer.unref();
}
