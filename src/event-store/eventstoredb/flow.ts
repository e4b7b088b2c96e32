import { setImmediate as nextTurn } from 'node:timers/promises';

/** A read or a subscription of the client, as far as it matters here. */
type Source = {
  on(event: string, listener: (given?: never) => void): unknown;
  removeAllListeners(event: string): unknown;
  pause(): unknown;
  resume(): unknown;
} & ({ cancel(): Promise<void> } | { unsubscribe(): Promise<void> });

/** The server has kept silent for longer than it may: what became of the call is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** Items that wait here; as many again may wait in the client. */
const MOST_WAITING = 256;

/**
 * What a read or a subscription gives, taken when it is wanted; what nobody takes waits in a bounded buffer, and then with
 * the server. It is heard as it comes, which is cheaper than asking the client for each. Nobody waits here longer than is
 * said, since the client enforces no deadline on streams, and every error is heard, since one that nobody hears would end the
 * process.
 */
export class Flow<Item> {
  private items: Item[] = [];
  private taken = 0;
  private isPaused = false;
  private more = false;
  private over = false;
  private error: unknown;
  private waking: (() => void) | undefined;
  /** One for all the waiting: most of it is for microseconds. */
  private timer: NodeJS.Timeout | undefined;
  private isWaking = false;
  /** On the next turn of the event loop: what the network brought in one piece is taken in one go. */
  private readonly wake = () => {
    if (!this.waking || this.isWaking) return;
    this.isWaking = true;
    setImmediate(() => {
      this.isWaking = false;
      this.waking?.();
    });
  };

  /** @param patience milliseconds that one waiting may take; it also ends at the signal */
  constructor(
    private readonly source: Source,
    private readonly patience: number,
    private readonly signal?: AbortSignal,
  ) {
    source.on('data', (item?: Item) => this.hear(item as Item));
    source.on('end', () => {
      this.over = true;
      this.wake();
    });
    source.on('error', (error?: unknown) => {
      this.error ??= error;
      this.wake();
    });
    signal?.addEventListener('abort', this.wake);
  }

  /** The next of what is there now; undefined when nothing is. */
  next(): Item | undefined {
    if (this.taken < this.items.length) return this.items[this.taken++];
    this.items = [];
    this.taken = 0;
    this.more = false;
    if (this.isPaused) {
      this.isPaused = false;
      this.source.resume();
    }
    return undefined;
  }

  /** Ends the waiting, as if something had come. */
  nudge(): void {
    this.more = true;
    this.wake();
  }

  /** @throws the error that ended it */
  async wait(): Promise<'more' | 'over' | 'silence'> {
    if (this.isSilent() && !this.signal?.aborted) await this.change();
    if (this.isSilent()) await nextTurn(); // a process that was busy hears that the time is up before it hears the answer
    if (this.error !== undefined) throw this.error;
    if (this.more) return 'more';
    return this.over ? 'over' : 'silence';
  }

  /** Tells the server to send no more; what has come is let through, for the client keeps a stream until its end was seen. */
  cancel(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.wake);
    if (this.over || this.error !== undefined) return;
    const cancelled = 'cancel' in this.source ? this.source.cancel() : this.source.unsubscribe();
    cancelled.catch((error: unknown) => {
      this.error ??= error; // it was never opened
    });
    this.source.removeAllListeners('data');
    this.source.resume();
  }

  private hear(item: Item): void {
    this.items.push(item);
    if (this.items.length >= MOST_WAITING && !this.isPaused) {
      this.isPaused = true;
      this.source.pause();
    }
    this.nudge();
  }

  private isSilent(): boolean {
    return !this.more && !this.over && this.error === undefined;
  }

  private async change(): Promise<void> {
    if (this.timer) this.timer.refresh();
    else this.timer = setTimeout(this.wake, this.patience);
    await new Promise<void>((resolve) => {
      this.waking = resolve;
    });
    this.waking = undefined;
  }
}

/**
 * Takes what a read gives, each at most `ms` after the one before, until it is over or `visit` wants no more.
 * @throws NoAnswer, or the error that ended it
 */
export async function drain<Item>(source: Source, ms: number, visit: (item: Item) => boolean): Promise<void> {
  const flow = new Flow<Item>(source, ms);
  try {
    for (;;) {
      for (let item = flow.next(); item !== undefined; item = flow.next()) if (!visit(item)) return;
      const came = await flow.wait();
      if (came === 'over') return;
      if (came === 'silence') throw new NoAnswer(ms);
    }
  } finally {
    flow.cancel();
  }
}

/** What a call comes to, when it does within `ms`. @throws NoAnswer, or what the call throws */
export async function within<T>(ms: number, call: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(async () => {
    await nextTurn(); // as above
    reject(new NoAnswer(ms));
  }, ms);
  try {
    return await Promise.race([call, promise]);
  } finally {
    clearTimeout(timer);
    call.catch((error: unknown) => error); // an answer that comes too late is nobody's
  }
}
