/** Milliseconds between two checks for appends of other connections while somebody waits. */
const POLL_INTERVAL = 20;

interface Waiter {
  readonly since: number;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** Notifies subscriptions at the end of the log when it grows. */
export class ChangeNotifier {
  private readonly waiting = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;

  /** @param readVersion a number that changes with each commit of another connection */
  constructor(private readonly readVersion: () => number) {}

  /** To be taken before the log is read and passed to `changed`, so that no append in between is missed. */
  version(): number {
    return this.readVersion();
  }

  /** Resolves when the log has changed since that version, or the signal is aborted. @throws what `readVersion` throws */
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

  /** Wakes all waiters, after an append of this connection or when it is closed. */
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
