/** Seconds after which a rejected caller may retry at the earliest: an immediate retry would only add to the load. */
const MIN_RETRY_DELAY = 2;
/** The weight of the newest duration in the moving average. */
const SMOOTHING = 0.1;
/** Milliseconds assumed for a check of a password before one was timed. */
const INITIAL_DURATION = 15;

/** The queue is full: nothing was begun. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
  /** @param seconds after which to retry */
  constructor(readonly seconds: number) {
    super(`too many passwords are to be checked; again in ${seconds} s`);
  }
}

/** A bounded queue of CPU-bound work: a few pieces run at the same time, the others in their order. */
export class HashingQueue {
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private averageDuration = INITIAL_DURATION;

  constructor(
    readonly concurrency: number,
    readonly maxWaiting: number,
  ) {}

  /** Pieces of work that are running or waiting. */
  get pending(): number {
    return this.running + this.waiting.length;
  }

  /** Whether new work would start at once. */
  get idle(): boolean {
    return this.running < this.concurrency;
  }

  /** @throws TooBusy when the queue is full */
  assertRoom(): void {
    if (!this.idle && this.waiting.length >= this.maxWaiting) throw new TooBusy(Math.max(MIN_RETRY_DELAY, Math.ceil(this.drainTime() / 1_000)));
  }

  /** @throws TooBusy when the queue is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.assertRoom();
    if (this.idle) this.running += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    const begun = performance.now();
    try {
      return await work();
    } finally {
      this.averageDuration += (performance.now() - begun - this.averageDuration) * SMOOTHING;
      this.next();
    }
  }

  /** Milliseconds until all pending work is done. */
  private drainTime(): number {
    return (this.pending * this.averageDuration) / this.concurrency;
  }

  private next(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
