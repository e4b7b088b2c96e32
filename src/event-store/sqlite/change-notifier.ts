/** How often other connections' appends are looked for while someone waits, in ms. */
const POLL_INTERVAL = 20;

interface Waiter {
  readonly since: number;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** Wakes those who have read the log to its end when it grows. */
export class ChangeNotifier {
  private readonly waiting = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;

  /** @param readVersion a number that is another one after each commit of another connection */
  constructor(private readonly readVersion: () => number) {}

  /** Taken before the log is read, and given to `after`: what comes between the two is not missed. */
  version(): number {
    return this.readVersion();
  }

  /** Passes when the log has grown since, or the signal comes. @throws what `otherWrites` throws */
  async changed(since: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve, reject: fail } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const waiting = { since, wake, fail };
    this.waiting.add(waiting);
    signal.addEventListener('abort', wake);
    this.timer ??= setInterval(() => this.poll(), POLL_INTERVAL).unref();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', wake);
      this.waiting.delete(waiting);
      if (this.waiting.size === 0) this.stopPolling();
    }
  }

  /** This connection has appended, or is closed: all look for themselves. */
  wakeAll(): void {
    for (const { wake } of this.waiting) wake();
  }

  private poll(): void {
    try {
      const now = this.readVersion();
      for (const { since, wake } of this.waiting) if (since !== now) wake();
    } catch (error) {
      for (const { fail } of this.waiting) fail(error);
    }
  }

  private stopPolling(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
