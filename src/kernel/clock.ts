import { setTimeout as pause } from 'node:timers/promises';

/** What time it is: a port, so that tests can say. */
export abstract class Clock {
  abstract now(): Date;

  /** The same as ISO 8601, UTC. */
  instant(): string {
    return this.now().toISOString();
  }

  /** When that moment has come, in milliseconds since the epoch; after `longest` at the latest, for the clock may have been set back since it was named. */
  abstract until(moment: number, longest: number): Promise<void>;
}

/** Milliseconds by which the clocks of two machines may differ, or one clock is corrected: what lies further ahead was stored before a clock was set back. */
export const CLOCKS_DIFFER = 60_000;

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override async until(moment: number, longest: number): Promise<void> {
    const left = Math.min(moment - Date.now(), longest);
    if (left > 0) await pause(left, undefined, { ref: false });
  }
}
