import type { Revision } from './append.js';

/** A command's events as they were handed to the log, for one stream. */
export interface SentAppend {
  readonly stream: string;
  /** The command's id, which its events carry. */
  readonly command: string;
  /** The revision of the stream that they were to follow. */
  readonly expected: Revision;
}

/** recorded; nothing: and it never will be; open: it is not there, and may still come. */
export type AppendOutcome = 'recorded' | 'nothing' | 'open';

/** What one request has handed to the log, and what the log has answered. */
export class RequestAppends {
  private readonly pending = new Map<string, SentAppend>();
  private isRecorded = false;

  sent(sent: SentAppend): void {
    this.pending.set(keyOf(sent), sent);
  }

  settled(sent: SentAppend, isRecorded: boolean): void {
    this.pending.delete(keyOf(sent));
    this.isRecorded ||= isRecorded;
  }

  /** What the log has not answered: whether it is recorded is not known. */
  get unanswered(): readonly SentAppend[] {
    return [...this.pending.values()];
  }

  /** Whether anything is known to be recorded. */
  get hasRecorded(): boolean {
    return this.isRecorded;
  }

  /** That for certain nothing was recorded. */
  get recordedNothing(): boolean {
    return !this.isRecorded && this.pending.size === 0;
  }
}

function keyOf({ stream, command }: SentAppend): string {
  return `${stream} ${command}`;
}
