import type { BatchAppendReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type Append, EventTooLarge, LARGEST_EVENT, type Revision } from '../append.js';
import { assertAppendable, serialized } from '../appendable.js';
import { type Metadata, type Position, type Recorded, START } from '../event.js';
import { currentVersion, type EventTypes, upcast } from '../event-types.js';
import { rememberingLast } from '../remembering-last.js';
import { EmptyMessage, streams, Timestamp, UUID } from './protocol.js';
import { identifierOf, type Place } from './requests.js';
import type { Scope } from './scope.js';

/** An append, checked and ready to be sent. */
export interface Write {
  readonly name: string;
  readonly subject: string | undefined;
  readonly expected: Revision;
  readonly events: Append['events'];
  /** What the events say, as JSON. */
  readonly data: readonly string[];
}

/**
 * What EventStoreDB keeps beside an event: our metadata with its own names for what led to what (its tools and its
 * `$by_correlation_id` know those), the version of the data's shape, and the candidate concerned.
 */
type Kept = Omit<Metadata, 'command' | 'correlation'> & {
  readonly $causationId: string;
  readonly $correlationId: string;
  readonly version: number;
  readonly subject?: string;
};

/** Most bytes that `kept` adds to an event's metadata beside the subject. */
const ENVELOPE = 64;

/**
 * @throws EventTooLarge for an event, or events of one append together, over LARGEST_EVENT: the server's limit is for the
 * append as a whole
 * @throws Error for what could not be read again: no stream name, no UUID, no JSON, no declared type
 */
export function checked(append: Append, types: EventTypes, scope: Scope): Write {
  assertAppendable(append);
  if (!scope.has(scope.kept(append.stream.name))) throw new Error(`stream ${append.stream.name} is of no known category: nobody would find it again`);
  const { stream, expected, events } = append;
  let bytes = 0;
  const texts: string[] = [];
  for (const event of events) {
    currentVersion(types, event.type);
    const { metadata, data } = serialized(stream.name, event);
    texts.push(data);
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * event.type.length + Buffer.byteLength(stream.subject ?? '') + ENVELOPE;
  }
  if (bytes > LARGEST_EVENT) throw new EventTooLarge(stream.name, events.length === 1 ? (events[0]?.type ?? '') : `a batch of ${events.length}`, bytes);
  return { name: stream.name, subject: stream.subject, expected, events, data: texts };
}

/** The latest time there is: how long an append may take is told by the server's own limit and ours, not by its clock. */
const NO_DEADLINE = Timestamp.fromDate(new Date('9999-12-31T23:59:59Z'));

/** An append as the server takes it, about the candidate whose stream it is. */
export function encoded({ name, expected, events, data }: Write, subject: string | undefined, types: EventTypes, scope: Scope): BatchAppendReq {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifierOf(scope.kept(name))).setDeadline(NO_DEADLINE);
  // never `any`: with it the server takes an id that it has seen anywhere in the stream for a repeat
  if (expected === 'no_stream') options.setNoStream(new EmptyMessage());
  else options.setStreamPosition(String(expected));
  const request = new streams.BatchAppendReq().setOptions(options).setIsFinal(true);
  request.setProposedMessagesList(
    events.map(({ id, type, metadata: { command, correlation, ...others } }, at) => {
      const kept: Kept = {
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
export type Sent = ReadResp.ReadEvent.RecordedEvent;

/** How the server calls the stream of an event. */
function keptStreamOf(event: Sent): string {
  return Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
}

export function placeOfSent(event: Sent): Place {
  return { commit: BigInt(event.getCommitPosition()), prepare: BigInt(event.getPreparePosition()) };
}

export function positionOfSent(event: Sent): Position {
  return event.getCommitPosition().padStart(DIGITS, '0') + event.getPreparePosition().padStart(DIGITS, '0');
}

/**
 * Reads events in the newest version of each, one of a newer release as it is; undefined for the server's own and for those
 * of other programs, of which no more than the stream's name and the type is looked at.
 */
export function decoder(types: EventTypes, scope: Scope): (event: Sent) => Recorded | undefined {
  const isoInstant = rememberingLast((ms: number) => new Date(ms).toISOString());
  return (event) => {
    const keptStream = ownStreamOf(event, scope);
    if (keptStream === undefined) return undefined;
    const told = event.getMetadataMap();
    const type = told.get('type') ?? '';
    const isJson = told.get('content-type') === JSON_TYPE;
    const kept = jsonOf(event.getCustomMetadata_asU8());
    const raw = isJson ? objectOf(jsonOf(event.getData_asU8())) : undefined;
    const current = isKept(kept) && raw ? upcast(types, type, kept.version, raw) : undefined;
    const id = event.getId()?.getString() ?? '';
    const recorded: Recorded = {
      type,
      data: current ?? raw ?? {},
      id,
      stream: scope.name(keptStream),
      revision: Number(event.getStreamRevision()),
      position: positionOfSent(event),
      recordedAt: isoInstant(Number(told.get('created')?.slice(0, -TICK_DIGITS))),
      metadata: isKept(kept) ? metadataOf(kept) : { command: id, correlation: id, by: 'another program', origin: 'import' },
    };
    if (current === undefined) Object.assign(recorded, { unknown: true }); // in a stream of ours nothing may be skipped
    return isKept(kept) && kept.subject !== undefined ? Object.assign(recorded, { subject: kept.subject }) : recorded;
  };
}

/** How the server calls the stream of an event of ours; undefined for the server's own and for those of other programs. */
export function ownStreamOf(event: Sent, scope: Scope): string | undefined {
  if (event.getMetadataMap().get('type')?.startsWith('$')) return undefined;
  const stream = keptStreamOf(event);
  if (!scope.has(stream)) return undefined;
  return stream.startsWith('$') && !isKept(jsonOf(event.getCustomMetadata_asU8())) ? undefined : stream;
}

/** Whether the metadata of a stream says that its first events are not to be read any more; deleting it says so of all. */
export function isTruncation(metadata: Sent): boolean {
  const { $tb = 0 } = (objectOf(jsonOf(metadata.getData_asU8())) ?? {}) as { readonly $tb?: number };
  return $tb > 0;
}

/** The server counts time in tenths of a microsecond: so many digits are less than a millisecond. */
const TICK_DIGITS = 4;

/** What the bytes say; undefined for what is no JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function metadataOf({ $causationId: command, $correlationId: correlation, version: _, subject: __, ...others }: Kept): Metadata {
  return { command, correlation, ...others };
}

function isKept(metadata: unknown): metadata is Kept {
  return (
    objectOf(metadata) !== undefined && typeof (metadata as Partial<Kept>).version === 'number' && typeof (metadata as Partial<Kept>).$causationId === 'string'
  );
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

/** Digits of a 64-bit number. */
const DIGITS = 20;
const LARGEST = 2n ** 63n;

/** Both numbers, padded (ADR 0001). */
export function positionOf({ commit, prepare }: Place): Position {
  const first = String(commit).padStart(DIGITS, '0');
  return first + (prepare === commit ? first : String(prepare).padStart(DIGITS, '0'));
}

export function isPosition(text: string): boolean {
  return /^\d{40}$/.test(text) && BigInt(text.slice(0, DIGITS)) < LARGEST && BigInt(text.slice(DIGITS)) < LARGEST;
}

/** @throws Error when it is no position of such a log */
export function placeOf(position: Position): Place | 'start' {
  if (position === START) return 'start';
  if (!isPosition(position)) throw new Error(`not a position of this log: ${JSON.stringify(position)}`);
  return { commit: BigInt(position.slice(0, DIGITS)), prepare: BigInt(position.slice(DIGITS)) };
}

/** How many bytes of the server's log stand before a position. */
export function commitOf(position: Position): bigint {
  const place = placeOf(position);
  return typeof place === 'object' ? place.commit : 0n;
}
