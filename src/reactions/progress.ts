import type { Appended } from '../event-store/append.js';

export type ReactionKind = 'reactor' | 'timer';

/** recorded; nothing (no event was needed); refused (by a rule); failed (by an error: it is retried). */
export const COMMAND_OUTCOMES = ['recorded', 'nothing', 'refused', 'failed'] as const;
export type CommandOutcome = (typeof COMMAND_OUTCOMES)[number];

/** waiting: another process holds the lease; at-work; failing: a store does not answer. */
export const REACTION_STATES = ['waiting', 'at-work', 'failing'] as const;
export type ReactionState = (typeof REACTION_STATES)[number];

/** The progress of a reactor or timer, for its supervisor. */
export interface ReactionProgress {
  readonly kind: ReactionKind;
  readonly name: string;
  readonly state: ReactionState;
  /** Streams that a reactor holds back, or things due that a timer tries again later. */
  readonly held: number;
  /** Outcomes of commands since the last report. */
  readonly commands: Readonly<Record<CommandOutcome, number>>;
}

/** Counts the outcomes of commands between two reports. */
export class OutcomeTally {
  private counts = noCounts();

  add(outcome: CommandOutcome): void {
    this.counts[outcome] += 1;
  }

  /** Returns the counts and resets them. */
  takeCounts(): Readonly<Record<CommandOutcome, number>> {
    const { counts } = this;
    this.counts = noCounts();
    return counts;
  }
}

function noCounts(): Record<CommandOutcome, number> {
  return { recorded: 0, nothing: 0, refused: 0, failed: 0 };
}

/** The outcome of a command that was neither refused nor failed. */
export function outcomeOf(answer: unknown): CommandOutcome {
  return (answer as Partial<Appended> | undefined)?.recorded === 0 ? 'nothing' : 'recorded';
}
