import type { Append, Revision } from '../append.js';
import { assertAppendable, serialize } from '../appendable.js';
import { type Metadata, type Position, type Recorded, START } from '../event.js';
import { currentVersion, type EventTypes, upcast } from '../event-types.js';
import { memoizeLast } from '../memoize-last.js';

/** An event as its row stores it. */
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

/** @throws EventTooLarge, or Error for an invalid stream name, an id that is not a UUID, data that are not JSON, or an undeclared type */
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

/** The 16 bytes of a UUID. The library's function takes four times as long. */
function bytesOf(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** The columns of a reader's rows, in the order of RecordedRow. Ids as hexadecimal text, which is read much faster than bytes. */
export const RECORDED_COLUMNS = 'position, name, revision, hex(events.id), type, version, recorded_at, metadata, data, subject, stream';
export type RecordedRow = readonly [number, string, number, string, string, number, number, string, string, string | null, number];

/** Decodes rows to events in their current version. An event of a newer release is marked `unknown`. */
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

/** A row's number as 16 digits. */
export function positionOf(row: number): Position {
  return row === 0 ? START : String(row).padStart(16, '0');
}

export function isPosition(text: string): boolean {
  return /^\d{16}$/.test(text);
}

/** @throws Error when it is not a position of a SQLite log */
export function rowOf(position: Position): number {
  if (position === START) return 0;
  if (!isPosition(position)) throw new Error(`not a position of this log: ${JSON.stringify(position)}`);
  return Number(position);
}
