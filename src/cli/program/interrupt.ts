/** The operator or the system ended a command; what is done stays. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  constructor() {
    super('已中断');
  }
}

/** Notices that a command is to end: with Ctrl-C, or when the system goes down. */
export class Interruption {
  private readonly stopping = new AbortController();
  private isTaken = false;

  /** @param end ends the process where the command does not end by itself */
  constructor(private readonly end: (why: Interrupted) => void) {
    // a second signal ends the process at once
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => this.interrupt());
  }

  /** Whoever reads it ends by itself. */
  get signal(): AbortSignal {
    this.isTaken = true;
    return this.stopping.signal;
  }

  private interrupt(): void {
    const why = new Interrupted();
    if (this.isTaken) this.stopping.abort(why);
    else this.end(why);
  }
}
