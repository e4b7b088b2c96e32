import type { BatchAppendReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type Append, EventTooLarge, MAX_EVENT_BYTES, type Revision } from '../append.js';
import { assertAppendable, serialize } from '../appendable.js';
import { type Metadata, type Position, type Recorded, START } from '../event.js';
import { currentVersion, type EventTypes, upcast } from '../event-types.js';
import { memoizeLast } from '../memoize-last.js';
import { EmptyMessage, streams, Timestamp, UUID } from './protocol.js';
import { identifierOf, type ServerPosition } from './requests.js';
import type { Scope } from './scope.js';

/** An append, checked and ready to be sent. */
export interface PreparedAppend {
  readonly name: string;
  readonly subject: string | undefined;
  readonly expected: Revision;
  readonly events: Append['events'];
  /** The events' data as JSON. */
  readonly data: readonly string[];
}

/**
 * An event's metadata in EventStoreDB: ours, with causation and correlation under the names that the server's tools know, the version of
 * the data's form, and the candidate.
 */
type StoredMetadata = Omit<Metadata, 'command' | 'correlation'> & {
  readonly $causationId: string;
  readonly $correlationId: string;
  readonly version: number;
  readonly subject?: string;
};

/** Most bytes that StoredMetadata adds to our metadata, beside the subject. */
const METADATA_OVERHEAD = 64;

/**
 * @throws EventTooLarge for an event over MAX_EVENT_BYTES, and for an append whose events together exceed it: the server limits the
 * whole append
 * @throws Error for an invalid stream name, an id that is not a UUID, data that are not JSON, or an undeclared type
 */
export function prepareAppend(append: Append, types: EventTypes, scope: Scope): PreparedAppend {
  assertAppendable(append);
  if (!scope.has(scope.serverName(append.stream.name))) throw new Error(`stream ${append.stream.name} is of no known category: nobody would find it again`);
  const { stream, expected, events } = append;
  let bytes = 0;
  const texts: string[] = [];
  for (const event of events) {
    currentVersion(types, event.type);
    const { metadata, data } = serialize(stream.name, event);
    texts.push(data);
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * event.type.length + Buffer.byteLength(stream.subject ?? '') + METADATA_OVERHEAD;
  }
  if (bytes > MAX_EVENT_BYTES) throw new EventTooLarge(stream.name, events.length === 1 ? (events[0]?.type ?? '') : `a batch of ${events.length}`, bytes);
  return { name: stream.name, subject: stream.subject, expected, events, data: texts };
}

/** The latest possible time. Timeouts are by the server's limit and ours, not by its clock. */
const NO_DEADLINE = Timestamp.fromDate(new Date('9999-12-31T23:59:59Z'));

/** Encodes an append for the server. @param subject the candidate that the stream is about */
export function encodeAppend({ name, expected, events, data }: PreparedAppend, subject: string | undefined, types: EventTypes, scope: Scope): BatchAppendReq {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifierOf(scope.serverName(name))).setDeadline(NO_DEADLINE);
  // never `any`, with which the server treats an id that it has seen anywhere in the stream as a repeat
  if (expected === 'no_stream') options.setNoStream(new EmptyMessage());
  else options.setStreamPosition(String(expected));
  const request = new streams.BatchAppendReq().setOptions(options).setIsFinal(true);
  request.setProposedMessagesList(
    events.map(({ id, type, metadata: { command, correlation, ...others } }, at) => {
      const kept: StoredMetadata = {
        $causationId: command,
        $correlationId: correlation,
        ...others,
        version: currentVersion(types, type),
        ...(subject !== undefined && { subject }),
      };
      const message = new streams.BatchAppendReq.ProposedMessage().setId(new UUID().setString(id));
      message.getMetadataMap().set('type', type).set('content-type', JSON_TYPE);
      return message.setData(Buffer.from(data[at] ?? '')).setCustomMetadata(Buffer.from(JSON.stringify(kept)));
    }),
  );
  return request;
}

const JSON_TYPE = 'application/json';

/** An event as the server sends it. */
export type ServerEvent = ReadResp.ReadEvent.RecordedEvent;

/** The server's name of an event's stream. */
function serverStreamName(event: ServerEvent): string {
  return Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
}

export function serverPositionOf(event: ServerEvent): ServerPosition {
  return { commit: BigInt(event.getCommitPosition()), prepare: BigInt(event.getPreparePosition()) };
}

export function positionOfEvent(event: ServerEvent): Position {
  return event.getCommitPosition().padStart(DIGITS, '0') + event.getPreparePosition().padStart(DIGITS, '0');
}

/**
 * Decodes events to their current version; an event of a newer release is marked `unknown`. Undefined for the server's own events and
 * those of other programs, of which only stream and type are read.
 */
export function eventDecoder(types: EventTypes, scope: Scope): (event: ServerEvent) => Recorded | undefined {
  const isoInstant = memoizeLast((ms: number) => new Date(ms).toISOString());
  return (event) => {
    const keptStream = ownStreamName(event, scope);
    if (keptStream === undefined) return undefined;
    const metadata = event.getMetadataMap();
    const type = metadata.get('type') ?? '';
    const isJson = metadata.get('content-type') === JSON_TYPE;
    const kept = jsonOf(event.getCustomMetadata_asU8());
    const raw = isJson ? objectOf(jsonOf(event.getData_asU8())) : undefined;
    const current = isStoredMetadata(kept) && raw ? upcast(types, type, kept.version, raw) : undefined;
    const id = event.getId()?.getString() ?? '';
    const recorded: Recorded = {
      type,
      data: current ?? raw ?? {},
      id,
      stream: scope.localName(keptStream),
      revision: Number(event.getStreamRevision()),
      position: positionOfEvent(event),
      recordedAt: isoInstant(Number(metadata.get('created')?.slice(0, -TICK_DIGITS))),
      metadata: isStoredMetadata(kept) ? metadataOf(kept) : { command: id, correlation: id, by: 'another program', origin: 'import' },
    };
    if (current === undefined) Object.assign(recorded, { unknown: true }); // nothing in our streams may be skipped
    return isStoredMetadata(kept) && kept.subject !== undefined ? Object.assign(recorded, { subject: kept.subject }) : recorded;
  };
}

/** The server's name of the stream of one of our events; undefined for events of the server and of other programs. */
export function ownStreamName(event: ServerEvent, scope: Scope): string | undefined {
  if (event.getMetadataMap().get('type')?.startsWith('$')) return undefined;
  const stream = serverStreamName(event);
  if (!scope.has(stream)) return undefined;
  return stream.startsWith('$') && !isStoredMetadata(jsonOf(event.getCustomMetadata_asU8())) ? undefined : stream;
}

/** Whether a stream's metadata says that its first events are truncated; deleting the stream truncates all of them. */
export function isTruncation(metadata: ServerEvent): boolean {
  const { $tb = 0 } = (objectOf(jsonOf(metadata.getData_asU8())) ?? {}) as { readonly $tb?: number };
  return $tb > 0;
}

/** The server counts time in ticks of 100 ns: four digits below a millisecond. */
const TICK_DIGITS = 4;

/** Parses JSON; undefined for other bytes. */
function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function metadataOf({ $causationId: command, $correlationId: correlation, version: _, subject: __, ...others }: StoredMetadata): Metadata {
  return { command, correlation, ...others };
}

function isStoredMetadata(metadata: unknown): metadata is StoredMetadata {
  return (
    objectOf(metadata) !== undefined &&
    typeof (metadata as Partial<StoredMetadata>).version === 'number' &&
    typeof (metadata as Partial<StoredMetadata>).$causationId === 'string'
  );
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Digits of a 64-bit number. */
const DIGITS = 20;
const POSITION_LIMIT = 2n ** 63n;

/** A position: both numbers, padded (ADR 1). */
export function positionOf({ commit, prepare }: ServerPosition): Position {
  const first = String(commit).padStart(DIGITS, '0');
  return first + (prepare === commit ? first : String(prepare).padStart(DIGITS, '0'));
}

export function isPosition(text: string): boolean {
  return /^\d{40}$/.test(text) && BigInt(text.slice(0, DIGITS)) < POSITION_LIMIT && BigInt(text.slice(DIGITS)) < POSITION_LIMIT;
}

/** @throws Error when it is not a position of an EventStoreDB log */
export function parsePosition(position: Position): ServerPosition | 'start' {
  if (position === START) return 'start';
  if (!isPosition(position)) throw new Error(`not a position of this log: ${JSON.stringify(position)}`);
  return { commit: BigInt(position.slice(0, DIGITS)), prepare: BigInt(position.slice(DIGITS)) };
}

/** The number of bytes of the server's log before a position. */
export function commitOf(position: Position): bigint {
  const place = parsePosition(position);
  return typeof place === 'object' ? place.commit : 0n;
}
