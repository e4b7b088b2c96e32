import type { Revision } from './append.js';

/** A command's append to one stream, as it was sent to the log. */
export interface SentAppend {
  readonly stream: string;
  /** The command's id, which its events carry. */
  readonly command: string;
  /** The revision that the append expected. */
  readonly expected: Revision;
}

/** recorded; nothing: it is not recorded and never will be; open: not recorded yet, but it still may be. */
export type AppendOutcome = 'recorded' | 'nothing' | 'open';

/** The appends of one request, and the log's answers. */
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

  /** Appends that the log has not answered, so that their outcome is unknown. */
  get unanswered(): readonly SentAppend[] {
    return [...this.pending.values()];
  }

  /** Whether anything is known to be recorded. */
  get hasRecorded(): boolean {
    return this.isRecorded;
  }

  /** Whether nothing was recorded for certain. */
  get recordedNothing(): boolean {
    return !this.isRecorded && this.pending.size === 0;
  }
}

function keyOf({ stream, command }: SentAppend): string {
  return `${stream} ${command}`;
}
