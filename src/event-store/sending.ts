import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Revision } from './append.js';

/** A command's events as they were handed to the log, for one stream. */
export interface Sent {
  readonly stream: string;
  /** The command's id, which its events carry. */
  readonly command: string;
  /** The revision of the stream that they were to follow. */
  readonly expected: Revision;
}

/** recorded; nothing: and it never will be; open: it is not there, and may still come. */
export type Outcome = 'recorded' | 'nothing' | 'open';

/** What one request has handed to the log, what the log has answered, and how long the request waits for it. */
export class Sending {
  private readonly waiting = new Map<string, Sent>();
  private taken = false;
  /** What is waited for now, since when, and milliseconds that were waited before. */
  private waits = 0;
  private since = 0;
  private waited = 0;

  /** @param patience milliseconds that the request waits for the log in all; undefined: as long as the log takes */
  constructor(private readonly patience?: number) {}

  /** Calls `giveUp` when the patience is at an end before `work` is; what is waited for at the same time counts once. */
  limit(work: Promise<unknown>, giveUp: () => void): void {
    if (this.patience === undefined) return;
    const now = performance.now();
    if (this.waits === 0) this.since = now;
    this.waits += 1;
    const left = this.patience - this.waited - (now - this.since);
    const timer = setTimeout(() => setImmediate(giveUp), left); // a process that was busy hears the answer first
    const over = () => {
      clearTimeout(timer);
      this.waits -= 1;
      if (this.waits === 0) this.waited += performance.now() - this.since;
    };
    work.then(over, over);
  }

  /** What `work` comes to. @throws StoreUnavailable when the patience is at an end before */
  async inTime<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.limit(work, () => reject(tooLate()));
    return Promise.race([work, promise]);
  }

  begin(sent: Sent): void {
    this.waiting.set(keyOf(sent), sent);
  }

  answered(sent: Sent, isRecorded: boolean): void {
    this.waiting.delete(keyOf(sent));
    this.taken ||= isRecorded;
  }

  /** What the log has not answered: whether it is recorded is not known. */
  get unanswered(): readonly Sent[] {
    return [...this.waiting.values()];
  }

  /** Whether anything is known to be recorded. */
  get hasRecorded(): boolean {
    return this.taken;
  }

  /** That for certain nothing was recorded. */
  get isNothing(): boolean {
    return !this.taken && this.waiting.size === 0;
  }
}

/** The log has not answered within the patience of a request. */
export function tooLate(): StoreUnavailable {
  return new StoreUnavailable('the log has not answered in time');
}

function keyOf({ stream, command }: Sent): string {
  return `${stream} ${command}`;
}
