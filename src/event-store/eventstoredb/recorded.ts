import { type EventData, START as FROM_START, jsonEvent, type Position as Place, type ReadPosition, type RecordedEvent } from '@eventstore/db-client';
import { type Append, EventTooLarge, LARGEST_EVENT, type Revision } from '../append.js';
import { assertAppendable, serialized } from '../appendable.js';
import { type Metadata, type Position, type Recorded, START } from '../event.js';
import { currentVersion, type EventTypes, upcast } from '../event-types.js';
import { rememberingLast } from '../remembering-last.js';

/** An append, checked and ready to be sent. */
export interface Write {
  readonly name: string;
  readonly subject: string | undefined;
  readonly expected: Revision;
  readonly events: Append['events'];
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
export function checked(append: Append, types: EventTypes): Write {
  assertAppendable(append);
  const { stream, expected, events } = append;
  let bytes = 0;
  for (const event of events) {
    currentVersion(types, event.type);
    const { metadata, data } = serialized(stream.name, event);
    bytes += Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * event.type.length + Buffer.byteLength(stream.subject ?? '') + ENVELOPE;
  }
  if (bytes > LARGEST_EVENT) throw new EventTooLarge(stream.name, events.length === 1 ? (events[0]?.type ?? '') : `a batch of ${events.length}`, bytes);
  return { name: stream.name, subject: stream.subject, expected, events };
}

/** The events as the client takes them, about the candidate whose stream it is. */
export function encoded(events: Write['events'], subject: string | undefined, types: EventTypes): EventData[] {
  return events.map(({ id, type, data, metadata: { command, correlation, ...others } }) => {
    const kept: Kept = {
      $causationId: command,
      $correlationId: correlation,
      ...others,
      version: currentVersion(types, type),
      ...(subject !== undefined && { subject }),
    };
    return jsonEvent({ id, type, data: data as Readonly<Record<string, unknown>>, metadata: kept });
  });
}

/** Reads events in the newest version of each, one of a newer release as it is; undefined for the server's own. */
export function decoder(types: EventTypes): (event: RecordedEvent) => Recorded | undefined {
  const isoInstant = rememberingLast((ms: number) => new Date(ms).toISOString());
  return ({ id, type, streamId: stream, revision, position, created, data, metadata: kept }) => {
    if (type.startsWith('$') || (stream.startsWith('$') && !isKept(kept))) return undefined;
    if (!position) throw new Error('EventStoreDB says no positions: it is older than 22.6');
    const raw = objectOf(data);
    const current = isKept(kept) && raw ? upcast(types, type, kept.version, raw) : undefined;
    const recorded: Recorded = {
      type,
      data: current ?? raw ?? {},
      id,
      stream,
      revision: Number(revision),
      position: positionOf(position),
      recordedAt: isoInstant(created.getTime()),
      metadata: isKept(kept) ? metadataOf(kept) : { command: id, correlation: id, by: 'another program', origin: 'import' },
    };
    if (current === undefined) Object.assign(recorded, { unknown: true }); // what another program wrote must not be skipped either
    return isKept(kept) && kept.subject !== undefined ? Object.assign(recorded, { subject: kept.subject }) : recorded;
  };
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
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? value : undefined;
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
export function placeOf(position: Position): ReadPosition {
  if (position === START) return FROM_START;
  if (!isPosition(position)) throw new Error(`not a position of this log: ${JSON.stringify(position)}`);
  return { commit: BigInt(position.slice(0, DIGITS)), prepare: BigInt(position.slice(DIGITS)) };
}

/** How many bytes of the server's log stand before a position. */
export function commitOf(position: Position): bigint {
  const place = placeOf(position);
  return typeof place === 'object' ? place.commit : 0n;
}

/** Whether the server has told a place; for an append that it knew already it cannot always. */
export function isPlace(place: Place | undefined): place is Place {
  return place !== undefined && place.commit < LARGEST && place.prepare < LARGEST;
}
