import { setImmediate as nextTurn } from 'node:timers/promises';
import { CallTimeout, translateCallError } from './errors.js';
import type { ReadCall, ReadResp } from './protocol.js';

/** Messages buffered here; the stream may buffer some more. */
const MAX_BUFFERED = 256;

/**
 * Buffers the messages of a read or a subscription, with backpressure on the server. Listening is cheaper than asking for each message.
 * Waiting has a timeout, because the calls themselves have no deadline.
 */
export class MessageBuffer {
  private items: ReadResp[] = [];
  private taken = 0;
  private isPaused = false;
  private more = false;
  private over = false;
  private error: unknown;
  private waking: (() => void) | undefined;
  /** One timer for all waits, since most of them take microseconds. */
  private timer: NodeJS.Timeout | undefined;
  private isWaking = false;
  /** Wakes the reader in the next turn of the event loop, so that messages of one network packet are taken together. */
  private readonly wake = () => {
    if (!this.waking || this.isWaking) return;
    this.isWaking = true;
    setImmediate(() => {
      this.isWaking = false;
      this.waking?.();
    });
  };

  /** @param waitTimeout milliseconds that one wait may take; it also ends at the signal */
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

  /** The next buffered message; undefined when the buffer is empty. */
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

  /** @throws the error that ended the call */
  async wait(): Promise<'more' | 'over' | 'silence'> {
    if (this.isSilent() && !this.signal?.aborted) await this.changed();
    if (this.isSilent()) await nextTurn(); // a busy process may see the timeout before a message that has arrived
    if (this.error !== undefined) throw this.error;
    if (this.more) return 'more';
    return this.over ? 'over' : 'silence';
  }

  /** Cancels the call. */
  cancel(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.wake);
    if (this.over || this.error !== undefined) return;
    this.source.removeAllListeners('data');
    this.source.cancel();
    this.source.resume(); // the stream ends only when its buffer is consumed
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
 * Passes the messages of a read to `visit` until it returns false or the read ends.
 * @param ms how long the server may send nothing
 * @throws CallTimeout, or the error that ended the call
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
