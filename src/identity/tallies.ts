/** What a change came to: what is kept from now on, and until when; and what the caller wants to know. */
export interface Changed<State, Answer> {
  /** JSON; undefined: nothing. */
  readonly after: State | undefined;
  /** Milliseconds since the epoch, after which it means nothing any more. */
  readonly until: number;
  readonly answer: Answer;
}

/**
 * Small counts under keys, shared by all processes of one installation, each forgotten after its time. A power cut may take
 * the last ones back, and when there are too many those that would go first are dropped: they slow guessing, nothing more.
 */
export abstract class Tallies {
  /**
   * Changes one tally, as if nobody else did at the same time. `decide` may be called more than once.
   * @param now milliseconds since the epoch: what was kept until then is not there
   */
  abstract change<State extends object, Answer>(key: string, now: number, decide: (before: State | undefined) => Changed<State, Answer>): Promise<Answer>;

  abstract close(): Promise<void>;
}
