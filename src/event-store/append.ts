import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { Event, Metadata, Position, Stream } from './event.js';

/** The revision of a stream's last event, or `no_stream`. */
export type Revision = number | 'no_stream';

export interface EventToAppend extends Event {
  /** A UUID that is the same for the same event of the same command, so that a retry is recognised. */
  readonly id: string;
  readonly metadata: Metadata;
}

/** Events for one stream, recorded completely or not at all. */
export interface Append {
  readonly stream: Stream;
  readonly expected: Revision;
  readonly events: readonly EventToAppend[];
}

/** The end of a stream after an append. A stream that does not exist has revision -1 and position START. */
export interface Written {
  readonly revision: number;
  readonly position: Position;
}

/** The stream is not at the expected revision, because another writer appended to it first. */
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
 * Events of one stream are missing in the store, so nothing can be decided on it. Other streams are not affected. Retrying does not help
 * before a person has looked; the message names the stream.
 */
export class UnusableStream extends StoreUnavailable {
  override readonly name: string = 'UnusableStream';
}

/** The log cannot be used with these settings. The message explains why to operators. */
export class LogRefused extends StoreUnavailable {
  override readonly name = 'LogRefused';
}

/** The log lacks events that were read from it before: it is another log or an older copy. Retrying does not help before a person has looked. */
export class LogReplaced extends StoreUnavailable {
  override readonly name = 'LogReplaced';
  constructor(found: string) {
    super(`${found}：日志是另一份，或是较旧的副本`);
  }
}

/** The maximum size of an event's data and metadata as JSON, in bytes. EventStoreDB accepts no more. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** An event is larger than MAX_EVENT_BYTES. Nothing of its append was recorded. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
  constructor(stream: string, type: string, bytes: number) {
    super(`${type} for stream ${stream} has ${bytes} bytes, more than ${MAX_EVENT_BYTES}`);
  }
}

/** The result of a command: the end of its stream, and how many events it recorded. */
export interface Appended {
  readonly position: Position;
  readonly recorded: number;
}
