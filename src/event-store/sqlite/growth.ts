/** How often other connections' appends are looked for while someone waits, in ms. */
const LOOK_EVERY = 20;

interface Waiting {
  readonly since: number;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** Wakes those who have read the log to its end when it grows. */
export class Growth {
  private readonly waiting = new Set<Waiting>();
  private looking: NodeJS.Timeout | undefined;

  /** @param otherWrites a number that is another one after each commit of another connection */
  constructor(private readonly otherWrites: () => number) {}

  /** Taken before the log is read, and given to `after`: what comes between the two is not missed. */
  now(): number {
    return this.otherWrites();
  }

  /** Passes when the log has grown since, or the signal comes. @throws what `otherWrites` throws */
  async after(since: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve, reject: fail } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = { since, wake, fail };
    this.waiting.add(waiting);
    signal.addEventListener('abort', wake);
    this.looking ??= setInterval(() => this.look(), LOOK_EVERY).unref();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', wake);
      this.waiting.delete(waiting);
      if (this.waiting.size === 0) this.rest();
    }
  }

  /** This connection has appended, or is closed: all look for themselves. */
  wakeAll(): void {
    for (const { wake } of this.waiting) wake();
  }

  private look(): void {
    try {
      const now = this.otherWrites();
      for (const { since, wake } of this.waiting) if (since !== now) wake();
    } catch (error) {
      for (const { fail } of this.waiting) fail(error);
    }
  }

  private rest(): void {
    clearInterval(this.looking);
    this.looking = undefined;
  }
}
