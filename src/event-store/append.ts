import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Event, Metadata, Position, Stream } from './event.js';

/** The revision of a stream's last event, or `no_stream`. */
export type Revision = number | 'no_stream';

export interface EventToAppend extends Event {
  /** UUID; the same for the same event of the same command, so that a retry is known. */
  readonly id: string;
  readonly metadata: Metadata;
}

/** Events for one stream: all of them are recorded, or none. */
export interface Append {
  readonly stream: Stream;
  readonly expected: Revision;
  readonly events: readonly EventToAppend[];
}

/** Where the stream ends after an append; revision -1 and START for a stream that does not exist. */
export interface Written {
  readonly revision: number;
  readonly position: Position;
}

/** Somebody else was first: the stream is not at the expected revision, but at `actual`. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  constructor(
    readonly stream: string,
    readonly expected: Revision,
    readonly actual: Revision,
  ) {
    super(`stream ${stream} is at ${actual}, not at ${expected}`);
  }
}

/**
 * What is left of one stream in the store is not all that was recorded there, so nothing can be decided on it. The message names
 * the stream; nothing is wrong with others, and trying again is no use until a person has looked.
 */
export class UnusableStream extends StoreUnavailable {
  override readonly name: string = 'UnusableStream';
}

/** The log cannot be used as the settings say; the message says why in a sentence for operators. */
export class LogRefused extends StoreUnavailable {
  override readonly name = 'LogRefused';
}

/**
 * The log does not hold what was read of it before: it is another log or an older copy of it. Nothing is decided on it by who
 * knows more; trying again is no use until a person has looked.
 */
export class LogReplaced extends StoreUnavailable {
  override readonly name = 'LogReplaced';
  constructor(found: string) {
    super(`${found}: it is another log or an older copy of it`);
  }
}

/** The most that one event may hold, in bytes of its data and metadata as JSON; EventStoreDB takes no more. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** An event over LARGEST_EVENT: nothing of its append was recorded. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
  constructor(stream: string, type: string, bytes: number) {
    super(`${type} for stream ${stream} has ${bytes} bytes, more than ${MAX_EVENT_BYTES}`);
  }
}

/** What a command came to: where its stream ends, and how many events it recorded. */
export interface Appended {
  readonly position: Position;
  readonly recorded: number;
}
