import { type Append, type EventToAppend, EventTooLarge, LARGEST_EVENT } from './append.js';

/** An event's two parts as they are kept. */
export interface Serialized {
  readonly metadata: string;
  readonly data: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws Error for what no store could find again: no stream name, no revision */
export function assertAppendable({ stream: { name }, expected }: Append): void {
  if (name === '' || name.includes('\0') || !name.isWellFormed()) throw new Error(`not a stream's name: ${JSON.stringify(name)}`);
  if (expected !== 'no_stream' && !(Number.isSafeInteger(expected) && expected >= 0)) throw new Error(`not a revision: ${expected}`);
}

/** @throws EventTooLarge, or Error for what could not be read again: no UUID, no JSON */
export function serialized(stream: string, event: EventToAppend): Serialized {
  if (!UUID.test(event.id)) throw new Error(`not a UUID: ${JSON.stringify(event.id)}`);
  const metadata = JSON.stringify(event.metadata);
  const data = JSON.stringify(event.data);
  const bytes = bytesOfText(metadata, data);
  if (bytes > LARGEST_EVENT) throw new EventTooLarge(stream, event.type, bytes);
  return { metadata, data };
}

/** Bytes of both in UTF-8, counted only where they could be too many: a UTF-16 unit takes at most three. */
function bytesOfText(metadata: string, data: string): number {
  const most = (metadata.length + data.length) * 3;
  return most <= LARGEST_EVENT ? most : Buffer.byteLength(metadata) + Buffer.byteLength(data);
}
