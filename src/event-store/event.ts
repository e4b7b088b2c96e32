/** A fact: what happened, in the field's words and the past tense, and with what values (JSON). */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/**
 * A place in the log: opaque, but it sorts as the log does (compare with `<`), and START sorts before every event.
 * Fixed width, so that it can be kept as text anywhere.
 */
export type Position = string;
export const START: Position = '';

/** Who caused something and by what way it came in. Never personal data in the clear. */
export type Origin = 'person' | 'office' | 'import' | 'reaction';

/** What the record of an event says beside the fact itself. */
export interface Metadata {
  /** The id of the command that recorded it: a repeated command is known by it. */
  readonly command: string;
  /** All that follows from one request or one import shares it. */
  readonly correlation: string;
  /** Who did it: a candidate's id, `office:<account>`, `import`, or the name of a reactor or timer. */
  readonly by: string;
  readonly onBehalfOf?: string;
  readonly why?: string;
  readonly origin: Origin;
}

/** A recorded event, as every reader gets it: always in its newest version. */
export type Recorded<E extends Event = Event> = E & {
  readonly id: string;
  readonly stream: string;
  /** Its number in its stream, from 0. */
  readonly revision: number;
  readonly position: Position;
  /** The candidate concerned, by `id`; none for reference data. */
  readonly subject?: string;
  /** ISO 8601 instant in UTC. */
  readonly recordedAt: string;
  readonly metadata: Metadata;
  /** A newer release wrote it and `data` is in a shape that this one cannot read: it must not be skipped. */
  readonly unknown?: true;
};

/** A stream's name, and the candidate whose stream it is; a decision on a stream that has events may leave that out. */
export interface Stream {
  readonly name: string;
  readonly subject?: string | undefined;
}
