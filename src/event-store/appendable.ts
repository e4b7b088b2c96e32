import { type Append, type EventToAppend, EventTooLarge, MAX_EVENT_BYTES } from './append.js';

/** An event's metadata and data as they are stored. */
export interface SerializedEvent {
  readonly metadata: string;
  readonly data: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws Error for an invalid stream name or revision */
export function assertAppendable({ stream: { name }, expected }: Append): void {
  if (name === '' || name.includes('\0') || !name.isWellFormed()) throw new Error(`not a stream's name: ${JSON.stringify(name)}`);
  if (expected !== 'no_stream' && !(Number.isSafeInteger(expected) && expected >= 0)) throw new Error(`not a revision: ${expected}`);
}

/** @throws EventTooLarge, or Error when the id is not a UUID or the event is not JSON */
export function serialize(stream: string, event: EventToAppend): SerializedEvent {
  if (!UUID.test(event.id)) throw new Error(`not a UUID: ${JSON.stringify(event.id)}`);
  const metadata = JSON.stringify(event.metadata);
  const data = JSON.stringify(event.data);
  const bytes = bytesOfText(metadata, data);
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLarge(stream, event.type, bytes);
  return { metadata, data };
}

/** The size in UTF-8. Counted exactly only when it could exceed the limit: a UTF-16 unit takes at most three bytes. */
function bytesOfText(metadata: string, data: string): number {
  const most = (metadata.length + data.length) * 3;
  return most <= MAX_EVENT_BYTES ? most : Buffer.byteLength(metadata) + Buffer.byteLength(data);
}
