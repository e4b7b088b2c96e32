import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';

/** Far more than any row has: it limits what a quote that is never closed can swallow. */
const MAX_RECORD_BYTES = 1024 * 1024;
const CHUNK = 256 * 1024;
const NEWLINE = 10;
/** The byte-order mark in UTF-8. */
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** The location of a record: its first line, counted from 1, and its bytes from `start` to before `end`. */
export interface RecordLocation {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

interface RecordReader {
  record(fields: readonly string[], place: RecordLocation): void;
  /** A line that is not a record, because its quotes are broken or it is too large. Reading continues with the next line. */
  broken(reason: string, place: RecordLocation): void;
}

/** Where a record begins: on which line, at which byte. */
export interface RecordStart {
  readonly line: number;
  readonly offset: number;
}

export const FILE_START: RecordStart = { line: 1, offset: 0 };

/**
 * Reads some thousand records of a CSV file (RFC 4180, UTF-8, LF or CRLF, with or without a byte-order mark). Returns where the next record
 * begins, or undefined at the end of the file. Skips rows of only commas, which spreadsheets leave at the end. A record with broken quotes
 * is reported as one broken line, and reading continues on the line below.
 */
export async function readPiece(path: string, from: RecordStart, reader: RecordReader): Promise<RecordStart | undefined> {
  const file = await open(path);
  try {
    return await readPieceOf(file, from, reader);
  } finally {
    await file.close();
  }
}

/** Reads the fields of a record again from its location. */
export function fieldsAt(path: string, { start, end }: Pick<RecordLocation, 'start' | 'end'>): readonly string[] {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    const [fields = []] = parseAll(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)), { relax_column_count: true });
    return fields;
  } finally {
    closeSync(file);
  }
}

async function readPieceOf(file: FileHandle, from: RecordStart, reader: RecordReader): Promise<RecordStart | undefined> {
  let { line, offset } = from;
  const first = from.offset === 0 ? await lengthOfMark(file) : from.offset;
  const parser = parse({
    bom: false, // with it, the parser would detect UTF-16 in the first piece but not in the following ones
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: (fields: string[], { bytes }: { bytes: number }) => {
      const place = { line, start: offset, end: first + bytes };
      offset = place.end;
      line += 1 + lineBreaks(fields);
      if (fields.some((field) => field.trim() !== '')) reader.record(fields, place);
      return null;
    },
  });
  try {
    // usually once; only a record larger than the chunk needs more reads
    for (let read = first; offset === from.offset; ) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, read);
      if (bytesRead === 0) {
        await end(parser);
        return undefined;
      }
      await write(parser, buffer.subarray(0, bytesRead));
      read += bytesRead;
    }
    return { line, offset };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const nextLine = await afterLine(file, offset);
    reader.broken(reasonOf(error), { line, start: offset, end: nextLine });
    return { line: line + 1, offset: nextLine };
  } finally {
    parser.destroy();
  }
}

async function lengthOfMark(file: FileHandle): Promise<number> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(BYTE_ORDER_MARK.length), 0, BYTE_ORDER_MARK.length, 0);
  return bytesRead === BYTE_ORDER_MARK.length && buffer.equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

function lineBreaks(fields: readonly string[]): number {
  let breaks = 0;
  for (const field of fields) for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

function write(parser: Parser, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.write(chunk, (error) => {
      if (error) return reject(error);
      parser.off('error', reject);
      resolve();
    });
  });
}

function end(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject).once('end', resolve);
    parser.resume().end();
  });
}

/** The first byte after the line that `offset` is on. */
async function afterLine(file: FileHandle, offset: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK);
  for (let at = offset; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    const newline = chunk.subarray(0, bytesRead).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    if (bytesRead === 0) return at;
    at += bytesRead;
  }
}

function reasonOf({ code }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return '引号没有闭合';
    case 'CSV_MAX_RECORD_SIZE':
      return '这一行超过 1 MiB，或者引号没有闭合';
    default:
      return '引号用法不对：含引号的字段要用引号括起来，其中的引号写两个';
  }
}
