import type { Position, Recorded } from '../../../event-store/event.js';
import type { ReadableLog } from '../../../event-store/overlay/event-store.js';
import { withStreams } from '../../../event-store/overlay/read-once.js';

/** A log that remembers which streams were read through it, by the candidate that they are about, and where they ended. */
export class ReadRevisions {
  private readonly bySubject = new Map<string, Map<string, number>>();

  constructor(
    private readonly log: ReadableLog,
    private readonly upTo: Position,
  ) {}

  get readable(): ReadableLog {
    const { log } = this;
    return withStreams(log, async (names) => {
      const histories = await log.streams(names);
      for (const history of histories) this.note(history);
      return histories;
    });
  }

  /** Streams with the revision of their last event, in the order of their names. */
  of(candidateId: string): readonly (readonly [stream: string, revision: number])[] {
    return [...(this.bySubject.get(candidateId) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  private note(history: readonly Recorded[]): void {
    const last = history.findLast(({ position }) => position <= this.upTo);
    if (last?.subject === undefined) return;
    const known = this.bySubject.get(last.subject) ?? new Map<string, number>();
    this.bySubject.set(last.subject, known.set(last.stream, last.revision));
  }
}
