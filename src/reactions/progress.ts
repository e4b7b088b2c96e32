import type { Appended } from '../event-store/append.js';

export type Kind = 'reactor' | 'timer';

/** recorded; nothing (it was so already); refused (by a rule); failed (a fault: it is tried again). */
export const OUTCOMES = ['recorded', 'nothing', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** waiting: another process acts; at-work; failing: a store does not answer. */
export const ACTING_STATES = ['waiting', 'at-work', 'failing'] as const;
export type ActingState = (typeof ACTING_STATES)[number];

/** How a reactor or timer is getting on, for its owner. */
export interface ActingProgress {
  readonly kind: Kind;
  readonly name: string;
  readonly state: ActingState;
  /** Streams that a reactor holds back, or things due that a timer tries again later. */
  readonly held: number;
  /** What commands came to since the last report. */
  readonly commands: Readonly<Record<Outcome, number>>;
}

/** Counts what commands come to, from one report to the next. */
export class Tally {
  private counts = none();

  add(outcome: Outcome): void {
    this.counts[outcome] += 1;
  }

  /** What was counted; it begins anew. */
  taken(): Readonly<Record<Outcome, number>> {
    const { counts } = this;
    this.counts = none();
    return counts;
  }
}

function none(): Record<Outcome, number> {
  return { recorded: 0, nothing: 0, refused: 0, failed: 0 };
}

/** What a command came to that was neither refused nor failed. */
export function outcomeOf(answer: unknown): Outcome {
  return (answer as Partial<Appended> | undefined)?.recorded === 0 ? 'nothing' : 'recorded';
}
