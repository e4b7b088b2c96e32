/** Counts in this process how often each outcome occurred. */
export abstract class OutcomeCounter<Outcome extends string> {
  private readonly times = new Map<Outcome, number>();

  count(outcome: Outcome): void {
    this.times.set(outcome, (this.times.get(outcome) ?? 0) + 1);
  }

  counts(): ReadonlyMap<Outcome, number> {
    return this.times;
  }
}
