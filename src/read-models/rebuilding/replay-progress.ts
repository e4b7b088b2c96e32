/** Phases of a replay: scan stored documents, read the log, fold or compare, follow events recorded meanwhile. */
export type ReplayPhase = 'scanning' | 'reading' | 'folding' | 'comparing' | 'following';

export interface ReplayProgress {
  readonly phase: ReplayPhase;
  /** Done and total work of this phase, in a unit of its own, such as a distance in the log. */
  readonly done: number;
  readonly total: number;
  /** Events of this phase (documents while scanning). */
  readonly items: number;
}

/** Receives the progress of one phase. */
export interface PhaseProgress {
  /** @param done work of an earlier run, with its `items` */
  begin(total: number, done?: number, items?: number): void;
  reach(done: number, items: number): void;
}

/** Reports the progress of a replay. */
export class ReplayProgressReporter {
  constructor(private readonly tell: (progress: ReplayProgress) => void) {}

  phase(phase: ReplayPhase): PhaseProgress {
    let [total, most] = [0, 0];
    // what is done may be more than what was to be done: documents and events come while they are read
    const reach = (done: number, items: number) => {
      most = Math.min(total, Math.max(most, done));
      this.tell({ phase, done: most, total, items });
    };
    const begin = (all: number, done = 0, items = 0) => {
      [total, most] = [all, 0];
      reach(done, items);
    };
    return { begin, reach };
  }
}
