import type { Appended } from '../event-store/append.js';

export type Kind = 'reactor' | 'timer';

/** recorded; nothing (no event was needed); refused (by a rule); failed (by an error: it is retried). */
export const OUTCOMES = ['recorded', 'nothing', 'refused', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** waiting: another process holds the lease; at-work; failing: a store does not answer. */
export const REACTION_STATES = ['waiting', 'at-work', 'failing'] as const;
export type ReactionState = (typeof REACTION_STATES)[number];

/** The progress of a reactor or timer, for its supervisor. */
export interface ReactionProgress {
  readonly kind: Kind;
  readonly name: string;
  readonly state: ReactionState;
  /** Streams that a reactor holds back, or things due that a timer tries again later. */
  readonly held: number;
  /** What commands came to since the last report. */
  readonly commands: Readonly<Record<Outcome, number>>;
}

/** Counts the outcomes of commands between two reports. */
export class Tally {
  private counts = none();

  add(outcome: Outcome): void {
    this.counts[outcome] += 1;
  }

  /** Returns the counts and resets them. */
  taken(): Readonly<Record<Outcome, number>> {
    const { counts } = this;
    this.counts = none();
    return counts;
  }
}

function none(): Record<Outcome, number> {
  return { recorded: 0, nothing: 0, refused: 0, failed: 0 };
}

/** The outcome of a command that was neither refused nor failed. */
export function outcomeOf(answer: unknown): Outcome {
  return (answer as Partial<Appended> | undefined)?.recorded === 0 ? 'nothing' : 'recorded';
}
