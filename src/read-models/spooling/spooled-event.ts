import type { Metadata, Recorded } from '../../event-store/event.js';

/** An event as it is spooled: without the names of its fields, which take a third of the time to write and to read. */
export type SpooledEvent = readonly [
  type: string,
  data: object,
  id: string,
  stream: string,
  revision: number,
  position: string,
  recordedAt: string,
  subject: string | null,
  unknown: true | null,
  command: string,
  correlation: string,
  by: string,
  origin: Metadata['origin'],
  onBehalfOf: string | null,
  why: string | null,
  ticket: string | null,
];

type Spooled = 'type' | 'data' | 'id' | 'stream' | 'revision' | 'position' | 'recordedAt' | 'subject' | 'unknown' | 'metadata';
type SpooledMetadata = 'command' | 'correlation' | 'by' | 'origin' | 'onBehalfOf' | 'why' | 'ticket';
/** Does not compile when an event has a field that is not spooled. */
type Whole = [Exclude<keyof Recorded, Spooled>, Exclude<keyof Metadata, SpooledMetadata>] extends [never, never] ? Recorded : never;

export function spooledEvent(event: Whole): string {
  const { type, data, id, stream, revision, position, recordedAt, subject = null, unknown = null } = event;
  const { command, correlation, by, origin, onBehalfOf = null, why = null, ticket = null } = event.metadata;
  const place = [id, stream, revision, position, recordedAt] as const;
  const spooled: SpooledEvent = [type, data, ...place, subject, unknown, command, correlation, by, origin, onBehalfOf, why, ticket];
  return JSON.stringify(spooled);
}

export function eventSpooled(spooled: SpooledEvent): Recorded {
  const [type, data, id, stream, revision, position, recordedAt, subject, unknown, command, correlation, by, origin, onBehalfOf, why, ticket = null] = spooled;
  const event = { type, data, id, stream, revision, position, recordedAt, metadata: { command, correlation, by, origin } };
  if (onBehalfOf !== null) Object.assign(event.metadata, { onBehalfOf });
  if (why !== null) Object.assign(event.metadata, { why });
  if (ticket !== null) Object.assign(event.metadata, { ticket });
  if (subject !== null) Object.assign(event, { subject });
  return unknown === null ? event : Object.assign(event, { unknown });
}
