import { deterministicId } from '../event-store/deterministic-id.js';
import type { Position } from '../event-store/event.js';
import { type Later, later } from './later-rounds.js';

/** Made again in its round, where it is still due. */
interface Attempt extends Later {
  /** Stands for the document that it was made of. */
  readonly of: string;
  /** The read model shows what came of it from here on. */
  readonly recordedAt?: Position;
  readonly refused: boolean;
}

/** What was tried of what is due, by the command's id, for as long as it is due. */
export class Attempts {
  private readonly attempts = new Map<string, Attempt>();
  private readonly seen = new Set<string>();
  private round = 0;

  get size(): number {
    return this.attempts.size;
  }

  /** Begins the next round: a look at all that is due. */
  begin(): void {
    this.round += 1;
    this.seen.clear();
  }

  /** Ends a round that has seen all that is due: what is due no more is forgotten. */
  end(): void {
    for (const id of this.attempts.keys()) if (!this.seen.has(id)) this.attempts.delete(id);
  }

  /** Whether it is to be tried now; `shown`: up to where the read model had come before the document was read. */
  mayTry(id: string, document: unknown, shown: Position): boolean {
    this.seen.add(id);
    const attempt = this.attempts.get(id);
    if (!attempt) return true;
    if (attempt.recordedAt !== undefined && shown < attempt.recordedAt) return false;
    if (attempt.of !== standsFor(document)) return true;
    return !attempt.refused && attempt.round <= this.round;
  }

  /** It went well: what came of it is recorded up to a position. */
  succeeded(id: string, document: unknown, recordedAt: Position | undefined): void {
    this.attempts.set(id, { ...this.next(id, document), ...(recordedAt !== undefined && { recordedAt }) });
  }

  /** A fault: again later. */
  failed(id: string, document: unknown): void {
    this.attempts.set(id, this.next(id, document));
  }

  /** A rule says no, and will as long as the document stays as it is. */
  refused(id: string, document: unknown): void {
    this.attempts.set(id, { ...this.next(id, document), refused: true });
  }

  private next(id: string, document: unknown): Attempt {
    const of = standsFor(document);
    const before = this.attempts.get(id);
    return { of, refused: false, ...later(this.round, before?.of === of ? before.delay : undefined) };
  }
}

/** Short, since there may be many. */
function standsFor(document: unknown): string {
  return deterministicId(JSON.stringify(document));
}
