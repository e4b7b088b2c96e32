/** Time that passes when a test says so: who waits, waits until then. */
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

  /** Lets all who wait go on, and waits until somebody waits again. */
  async pass(times = 1): Promise<void> {
    for (let time = 0; time < times; time++) {
      await this.settled();
      for (const go of [...this.waiting]) go();
      await this.settled();
    }
  }

  /** Resolves when somebody waits: what was to be done before is done. */
  async settled(): Promise<void> {
    while (this.waiting.size === 0) await this.arrival.promise;
  }
}
