import { setTimeout as pause } from 'node:timers/promises';

/** Documents between two pauses. */
const BURST = 1_000;

/** Pauses between bulk writes, so that other writers get the database: without it a person's append waits for seconds. */
export class WriteThrottle {
  private nextWriteAt = 0;
  private written = 0;

  /** @param between milliseconds of each pause */
  constructor(private readonly between: number) {}

  /** Runs a write of so many documents, after the pause that is due. */
  async write(documents: number, work: () => Promise<void>): Promise<void> {
    const early = this.nextWriteAt - performance.now();
    if (early > 0) await pause(early);
    await work();
    this.written += documents;
    if (this.written < BURST) return;
    this.written = 0;
    this.nextWriteAt = performance.now() + this.between;
  }
}
