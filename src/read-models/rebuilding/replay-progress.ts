/** What a replay does: read the stored documents, read the log, fold what was read or compare with it, follow what came meanwhile. */
export type ReplayPhase = 'scanning' | 'reading' | 'folding' | 'comparing' | 'following';

export interface ReplayProgress {
  readonly phase: ReplayPhase;
  /** What this phase has done and has to do in all, in a measure of its own, such as an extent of the log. */
  readonly done: number;
  readonly total: number;
  /** Events of this phase (documents while scanning). */
  readonly items: number;
}

/** Is told how far one phase is. */
export interface Reaching {
  /** @param done what an earlier run has done of it, with `items` */
  begin(total: number, done?: number, items?: number): void;
  reach(done: number, items: number): void;
}

/** Tells how far a replay is. */
export class ReplayMeter {
  constructor(private readonly tell: (progress: ReplayProgress) => void) {}

  phase(phase: ReplayPhase): Reaching {
    let total = 0;
    const reach = (done: number, items: number) => this.tell({ phase, done, total, items });
    const begin = (all: number, done = 0, items = 0) => {
      total = all;
      reach(done, items);
    };
    return { begin, reach };
  }
}
