/** Counts in this process how often each outcome occurred. */
export abstract class OutcomeCounter<Outcome extends string> {
  private readonly countByOutcome = new Map<Outcome, number>();

  count(outcome: Outcome): void {
    this.countByOutcome.set(outcome, (this.countByOutcome.get(outcome) ?? 0) + 1);
  }

  counts(): ReadonlyMap<Outcome, number> {
    return this.countByOutcome;
  }
}
