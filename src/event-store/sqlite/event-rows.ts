import type { Append, Revision } from '../append.js';
import { assertAppendable, serialize } from '../appendable.js';
import { type Metadata, type Position, type Recorded, START } from '../event.js';
import { currentVersion, type EventTypes, upcast } from '../event-types.js';
import { memoizeLast } from '../memoize-last.js';

/** An event as its row holds it. */
interface Row {
  readonly id: Uint8Array;
  readonly type: string;
  readonly version: number;
  readonly metadata: string;
  readonly data: string;
}

/** An append, checked and ready to be written. */
export interface PreparedAppend {
  readonly name: string;
  readonly subject: string | undefined;
  readonly expected: Revision;
  readonly rows: readonly Row[];
}

/** @throws EventTooLarge, or Error for what could not be read again: no stream name, no UUID, no JSON, no declared type */
export function prepareAppend(append: Append, types: EventTypes): PreparedAppend {
  assertAppendable(append);
  const { stream, expected, events } = append;
  const rows = events.map((event) => ({
    ...serialize(stream.name, event),
    id: bytesOf(event.id),
    type: event.type,
    version: currentVersion(types, event.type),
  }));
  return { name: stream.name, subject: stream.subject, expected, rows };
}

/** The 16 bytes of a UUID; the library's way to them takes four times as long. */
function bytesOf(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** What a reader selects: an array in the order of RECORDED. Ids as hexadecimal, read much faster than as bytes. */
export const RECORDED_COLUMNS = 'position, name, revision, hex(events.id), type, version, recorded_at, metadata, data, subject, stream';
export type RecordedRow = readonly [number, string, number, string, string, number, number, string, string, string | null, number];

/** Reads rows as events, in the newest version of each; one of a newer release as it is. */
export function rowDecoder(types: EventTypes, parse: <T>(json: string) => T): (row: RecordedRow) => Recorded {
  const isoInstant = memoizeLast((ms: number) => new Date(ms).toISOString());
  return ([position, stream, revision, hex, type, version, recordedAt, metadataJson, dataJson, subject]) => {
    const raw = parse<object>(dataJson);
    const current = upcast(types, type, version, raw);
    const recorded = {
      type,
      data: current ?? raw,
      id: uuidOfHex(hex),
      stream,
      revision,
      position: positionOf(position),
      recordedAt: isoInstant(recordedAt),
      metadata: parse<Metadata>(metadataJson),
    };
    if (current === undefined) return subject === null ? { ...recorded, unknown: true } : { ...recorded, subject, unknown: true };
    return subject === null ? recorded : Object.assign(recorded, { subject });
  };
}

function uuidOfHex(hex: string): string {
  const digits = hex.toLowerCase();
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
}

/** A row's number in 16 digits. */
export function positionOf(row: number): Position {
  return row === 0 ? START : String(row).padStart(16, '0');
}

export function isPosition(text: string): boolean {
  return /^\d{16}$/.test(text);
}

/** @throws Error when it is no position of such a log */
export function rowOf(position: Position): number {
  if (position === START) return 0;
  if (!isPosition(position)) throw new Error(`not a position of this log: ${JSON.stringify(position)}`);
  return Number(position);
}
