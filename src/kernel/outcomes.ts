/** How often this process has seen each outcome of something. */
export abstract class Outcomes<Outcome extends string> {
  private readonly times = new Map<Outcome, number>();

  count(outcome: Outcome): void {
    this.times.set(outcome, (this.times.get(outcome) ?? 0) + 1);
  }

  counted(): ReadonlyMap<Outcome, number> {
    return this.times;
  }
}
