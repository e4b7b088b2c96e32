/** What happened, named in the past tense, with its data (JSON). */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** A position in the log: opaque text of fixed width that sorts as the log does (compare with `<`). START sorts before every event. */
export type Position = string;
export const START: Position = '';

/** How an event came to be recorded. */
export type Origin = 'person' | 'office' | 'import' | 'reaction';

/** Metadata of an event. It never holds personal data in plain text. */
export interface Metadata {
  /** The id of the command that recorded it, by which a repeated command is recognised. */
  readonly command: string;
  /** Shared by everything that follows from one request or one import. */
  readonly correlation: string;
  /** Who did it: a candidate's id, `office:<account>`, `host` (whoever runs the machine), `import`, or the name of a reactor or timer. */
  readonly by: string;
  readonly onBehalfOf?: string;
  readonly why?: string;
  /** The number of a request in another system. */
  readonly ticket?: string;
  readonly origin: Origin;
}

/** A recorded event, always in its current version. */
export type Recorded<E extends Event = Event> = E & {
  readonly id: string;
  readonly stream: string;
  /** Its number in its stream, from 0. */
  readonly revision: number;
  readonly position: Position;
  /** The candidate's id; none for reference data. */
  readonly subject?: string;
  /** ISO 8601 instant in UTC. */
  readonly recordedAt: string;
  readonly metadata: Metadata;
  /** Set when a newer release wrote the event and `data` cannot be read. Such an event must not be skipped. */
  readonly unknown?: true;
};

/** A stream's name and the candidate that it is about. The candidate may be omitted when the stream exists. */
export interface Stream {
  readonly name: string;
  readonly subject?: string | undefined;
}
