import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallTimeout, translateCallError } from './errors.js';
import type { ReadCall, ReadResp } from './protocol.js';

/** Messages that wait here; some more may wait in the stream. */
const MAX_BUFFERED = 256;

/**
 * What a read or a subscription gives, taken when it is wanted; what nobody takes waits in a bounded buffer, and then with
 * the server. It is heard as it comes, which is cheaper than asking for each. Nobody waits here longer than is said: the
 * calls themselves have no deadline.
 */
export class MessageBuffer {
  private items: ReadResp[] = [];
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

  /** @param waitTimeout milliseconds that one waiting may take; it also ends at the signal */
  constructor(
    private readonly source: ReadCall,
    private readonly waitTimeout: number,
    private readonly signal?: AbortSignal,
  ) {
    source.on('data', (item: ReadResp) => this.receive(item));
    source.on('end', () => {
      this.over = true;
      this.wake();
    });
    source.on('error', (error?: unknown) => {
      this.error ??= translateCallError(error);
      this.wake();
    });
    signal?.addEventListener('abort', this.wake);
  }

  /** The next of what is there now; undefined when nothing is. */
  next(): ReadResp | undefined {
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

  /** @throws the error that ended it */
  async wait(): Promise<'more' | 'over' | 'silence'> {
    if (this.isSilent() && !this.signal?.aborted) await this.changed();
    if (this.isSilent()) await nextTurn(); // a process that was busy hears that the time is up before it hears the answer
    if (this.error !== undefined) throw this.error;
    if (this.more) return 'more';
    return this.over ? 'over' : 'silence';
  }

  /** Tells the server to send no more. */
  cancel(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.wake);
    if (this.over || this.error !== undefined) return;
    this.source.removeAllListeners('data');
    this.source.cancel();
    this.source.resume(); // its end is seen only by whoever takes what has come
  }

  private receive(item: ReadResp): void {
    this.items.push(item);
    if (this.items.length >= MAX_BUFFERED && !this.isPaused) {
      this.isPaused = true;
      this.source.pause();
    }
    this.more = true;
    this.wake();
  }

  private isSilent(): boolean {
    return !this.more && !this.over && this.error === undefined;
  }

  private async changed(): Promise<void> {
    if (this.timer) this.timer.refresh();
    else this.timer = setTimeout(this.wake, this.waitTimeout);
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
export async function forEachMessage(source: ReadCall, ms: number, visit: (item: ReadResp) => boolean): Promise<void> {
  const flow = new MessageBuffer(source, ms);
  try {
    for (;;) {
      for (let item = flow.next(); item !== undefined; item = flow.next()) if (!visit(item)) return;
      const came = await flow.wait();
      if (came === 'over') return;
      if (came === 'silence') throw new CallTimeout(ms);
    }
  } finally {
    flow.cancel();
  }
}
