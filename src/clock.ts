import { setTimeout as pause } from 'node:timers/promises';

/** What time it is: a port, so that tests can say. */
export abstract class Clock {
  abstract now(): Date;

  /** When that moment has come: milliseconds since the epoch. */
  abstract until(moment: number): Promise<void>;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override async until(moment: number): Promise<void> {
    const left = moment - Date.now();
    if (left > 0) await pause(left, undefined, { ref: false });
  }
}
