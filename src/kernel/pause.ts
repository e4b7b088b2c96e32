import { setTimeout as pause } from 'node:timers/promises';

/** Passes `ms` milliseconds, or less when the signal comes. */
export async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
