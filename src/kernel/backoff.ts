import { abortableDelay } from './abortable-delay.js';

/** Milliseconds. */
const LONGEST_DELAY = 30_000;

/** Exponential backoff for work that is restarted for as long as the process runs: delays double up to half a minute until `reset`. */
export class Backoff {
  private next: number;

  /** @param first milliseconds */
  constructor(
    private readonly first = 1_000,
    private readonly wait = abortableDelay,
  ) {
    this.next = first;
  }

  /** The next delay, in milliseconds. */
  get delay(): number {
    return this.next;
  }

  reset(): void {
    this.next = this.first;
  }

  /** Resets when the work has run for longer than the longest delay. @param startedAt by the monotonic clock */
  resetIfRanLong(startedAt: number): void {
    if (performance.now() - startedAt > LONGEST_DELAY) this.reset();
  }

  /** Ends early when the signal is aborted. */
  async pause(signal: AbortSignal): Promise<void> {
    await this.wait(signal, this.next);
    this.next = Math.min(this.next * 2, LONGEST_DELAY);
  }
}
