/** Where there are too many tallies, those of the lowest rank go first: a turn that was only promised, a pair's failures, and last what limits a number or an address. */
export const RANKS = { promise: 0, pair: 1, limit: 2 } as const;

/** What is kept of a tally from now on (JSON), until when (milliseconds since the epoch) it means anything, and its rank. */
export interface Kept<State> {
  readonly state: State;
  readonly until: number;
  readonly rank: number;
}

/** What a change came to: what is kept of the tally, `nothing`, or all `as it was`; and what the caller wants to know. */
export interface Changed<State, Answer> {
  readonly after: Kept<State> | 'nothing' | 'as it was';
  readonly answer: Answer;
}

/** One change of one tally. `decide` may be called more than once. */
export interface Step {
  readonly key: string;
  readonly decide: (before: unknown) => Changed<unknown, unknown>;
}

/** Changes of several tallies one after the other, each told what the last has answered. */
export type Steps<Answer> = Generator<Step, Answer, unknown>;

/** A single change, for `yield*`. */
export function* change<State, Answer>(key: string, decide: (before: State | undefined) => Changed<State, Answer>): Steps<Answer> {
  return (yield { key, decide: decide as Step['decide'] }) as Answer;
}
