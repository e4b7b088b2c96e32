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

/** What one request has handed to the log, and what the log has answered. */
export class Sending {
  private readonly waiting = new Map<string, Sent>();
  private taken = false;

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

function keyOf({ stream, command }: Sent): string {
  return `${stream} ${command}`;
}
