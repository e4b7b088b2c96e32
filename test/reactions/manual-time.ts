/** Delays that end only when the test says so. */
export class ManualTime {
  private readonly waiting = new Set<() => void>();
  private arrival = Promise.withResolvers<void>();

  readonly wait = (signal: AbortSignal, _ms: number): Promise<void> => {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const go = () => {
      this.waiting.delete(go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    this.waiting.add(go);
    signal.addEventListener('abort', go);
    this.arrival.resolve();
    this.arrival = Promise.withResolvers();
    return promise;
  };

  /** Ends all current delays, and waits until something is delayed again. */
  async pass(times = 1): Promise<void> {
    for (let time = 0; time < times; time++) {
      await this.settled();
      for (const go of [...this.waiting]) go();
      await this.settled();
    }
  }

  /** Resolves when something is delayed, that is when the work before it is done. */
  async settled(): Promise<void> {
    while (this.waiting.size === 0) await this.arrival.promise;
  }
}
