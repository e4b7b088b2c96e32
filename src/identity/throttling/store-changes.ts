/** When a store is full, entries of the lowest rank go first: promises, then failures of pairs, then the limits of numbers and addresses. */
export const RANKS = { promise: 0, pair: 1, limit: 2 } as const;

/** An entry of the store: its state (JSON), when it expires (milliseconds since the epoch), and its rank. */
export interface Entry<State> {
  readonly state: State;
  readonly until: number;
  readonly rank: number;
}

/** The result of a change: the new entry, `nothing` to delete it, or `as it was`; and an answer for the caller. */
export interface Changed<State, Answer> {
  readonly after: Entry<State> | 'nothing' | 'as it was';
  readonly answer: Answer;
}

/** A change of one entry. `decide` may be called more than once. */
export interface EntryChange {
  readonly key: string;
  readonly decide: (before: unknown) => Changed<unknown, unknown>;
}

/** Changes of several entries one after another; each is given the answer of the last. */
export type EntryChanges<Answer> = Generator<EntryChange, Answer, unknown>;

/** A single change, for `yield*`. */
export function* change<State, Answer>(key: string, decide: (before: State | undefined) => Changed<State, Answer>): EntryChanges<Answer> {
  return (yield { key, decide: decide as EntryChange['decide'] }) as Answer;
}
