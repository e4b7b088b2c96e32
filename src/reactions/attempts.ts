import { deterministicId } from '../event-store/deterministic-id.js';
import type { Position } from '../event-store/event.js';
import { nextRetry, type Retry } from './retry-rounds.js';

/** An attempt at a command that is due. It is repeated in a later round if it is then still due. */
interface Attempt extends Retry {
  /** Of the document from which the command was made. */
  readonly digest: string;
  /** From this position on the read model shows the command's result. */
  readonly recordedAt?: Position;
  readonly refused: boolean;
}

/** The attempts at commands that are due, by the command's id. An attempt is forgotten when its command is no longer due. */
export class Attempts {
  private readonly attempts = new Map<string, Attempt>();
  private readonly seen = new Set<string>();
  private round = 0;

  get size(): number {
    return this.attempts.size;
  }

  /** Begins the next round, in which everything due is read. */
  beginRound(): void {
    this.round += 1;
    this.seen.clear();
  }

  /** Ends a complete round: forgets attempts whose commands were not due in it. */
  endRound(): void {
    for (const id of this.attempts.keys()) if (!this.seen.has(id)) this.attempts.delete(id);
  }

  /** Whether to try the command now. @param shown the read model's position before the document was read */
  isDue(id: string, document: unknown, shown: Position): boolean {
    this.seen.add(id);
    const attempt = this.attempts.get(id);
    if (!attempt) return true;
    if (attempt.recordedAt !== undefined && shown < attempt.recordedAt) return false;
    if (attempt.digest !== digestOf(document)) return true;
    return !attempt.refused && attempt.round <= this.round;
  }

  /** The command succeeded; its events are recorded up to a position. */
  succeeded(id: string, document: unknown, recordedAt: Position | undefined): void {
    this.attempts.set(id, { ...this.next(id, document), ...(recordedAt !== undefined && { recordedAt }) });
  }

  /** The command failed by an error and is retried later. */
  failed(id: string, document: unknown): void {
    this.attempts.set(id, this.next(id, document));
  }

  /** A rule refused the command. It is not retried while the document is unchanged. */
  refused(id: string, document: unknown): void {
    this.attempts.set(id, { ...this.next(id, document), refused: true });
  }

  private next(id: string, document: unknown): Attempt {
    const digest = digestOf(document);
    const before = this.attempts.get(id);
    return { digest, refused: false, ...nextRetry(this.round, before?.digest === digest ? before.delay : undefined) };
  }
}

/** A digest rather than the document, because there may be many attempts. */
function digestOf(document: unknown): string {
  return deterministicId(JSON.stringify(document));
}
