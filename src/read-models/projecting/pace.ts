import { setTimeout as pause } from 'node:timers/promises';

/** Documents after which others get time to write. */
const TURN = 1_000;

/** Leaves others time between bulk writes: without it a person's append waits for seconds. */
export class Pace {
  private mayGoOnAt = 0;
  private written = 0;

  /** @param between milliseconds from the end of a turn to the next write */
  constructor(private readonly between: number) {}

  /** Writes so many documents once others have had their time. */
  async write(documents: number, work: () => Promise<void>): Promise<void> {
    const early = this.mayGoOnAt - performance.now();
    if (early > 0) await pause(early);
    await work();
    this.written += documents;
    if (this.written < TURN) return;
    this.written = 0;
    this.mayGoOnAt = performance.now() + this.between;
  }
}
