import { setTimeout as pause } from 'node:timers/promises';

/** The time, as a port that tests replace. */
export abstract class Clock {
  abstract now(): Date;

  /** The current time as ISO 8601 in UTC. */
  instant(): string {
    return this.now().toISOString();
  }

  /**
   * Resolves at a moment, in milliseconds since the epoch, but after `longest` milliseconds at the latest: the clock may have been set
   * back since the moment was computed.
   */
  abstract until(moment: number, longest: number): Promise<void>;
}

/** Tolerated clock skew, in milliseconds: a stored time further in the future was written before a clock was set back. */
export const CLOCK_SKEW = 60_000;

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override async until(moment: number, longest: number): Promise<void> {
    const remaining = Math.min(moment - Date.now(), longest);
    if (remaining > 0) await pause(remaining, undefined, { ref: false });
  }
}
