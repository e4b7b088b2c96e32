/** What a replay does: read the stored documents, read the log, fold what was read or compare with it, follow what came meanwhile. */
export type ReplayPhase = 'scanning' | 'reading' | 'folding' | 'comparing' | 'following';

export interface ReplayProgress {
  readonly phase: ReplayPhase;
  /** Events of this phase (documents while scanning). */
  readonly done: number;
  readonly total: number;
  /** A second, in this phase. */
  readonly rate: number;
  /** Seconds until the phase ends at this rate; undefined when nobody can tell yet. */
  readonly left: number | undefined;
}

/** Is told how far one phase is. */
export interface Reaching {
  /** @param done what an earlier run has done of it */
  begin(total: number, done?: number): void;
  reach(done: number): void;
}

/** Tells how far a replay is. */
export class ReplayMeter {
  constructor(
    private readonly tell: (progress: ReplayProgress) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  phase(phase: ReplayPhase): Reaching {
    let begun = { total: 0, done: 0, at: 0 };
    const reach = (done: number) => {
      const seconds = (this.clock() - begun.at) / 1_000;
      const rate = seconds > 0 ? (done - begun.done) / seconds : 0;
      this.tell({ phase, done, total: begun.total, rate, left: rate > 0 ? Math.max(0, begun.total - done) / rate : undefined });
    };
    const begin = (total: number, done = 0) => {
      begun = { total, done, at: this.clock() };
      reach(done);
    };
    return { begin, reach };
  }
}
