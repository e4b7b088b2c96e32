import { abortableDelay } from './abortable-delay.js';

/** Milliseconds. */
const LONGEST_DELAY = 30_000;

/**
 * Pauses between failures of what is kept at work for as long as the process runs: each twice as long as the one before, up to half a
 * minute, and the first one again after it went well.
 */
export class Backoff {
  private next: number;

  /** @param first milliseconds */
  constructor(
    private readonly first = 1_000,
    private readonly wait = abortableDelay,
  ) {
    this.next = first;
  }

  /** How long the next pause is, in milliseconds. */
  get delay(): number {
    return this.next;
  }

  reset(): void {
    this.next = this.first;
  }

  /** It was at work since then, by the monotonic clock: a failure after more than the longest pause is a first one. */
  resetIfRanLong(began: number): void {
    if (performance.now() - began > LONGEST_DELAY) this.reset();
  }

  /** Ends early when the signal comes. */
  async pause(signal: AbortSignal): Promise<void> {
    await this.wait(signal, this.next);
    this.next = Math.min(this.next * 2, LONGEST_DELAY);
  }
}
