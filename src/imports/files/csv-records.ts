import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CsvError, type Parser, parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';

/** No row of any kind comes near it; a quote that is never closed would swallow the rest of the file. */
const LARGEST_RECORD = 1024 * 1024;
const CHUNK = 256 * 1024;
const NEWLINE = 10;
/** The byte-order mark in UTF-8. */
const MARK = Buffer.from('\uFEFF');

/** Where a record stands: the line it begins on, counted from 1, and its bytes, from `start` up to, not including, `end`. */
export interface Place {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface RecordReader {
  record(fields: readonly string[], place: Place): void;
  /** A line that is no record: its quotes are broken, or it is too large. Reading goes on with the next line. */
  broken(reason: string, place: Place): void;
}

/** Where a record begins: on which line, at which byte. */
export interface Start {
  readonly line: number;
  readonly offset: number;
}

export const BEGINNING: Start = { line: 1, offset: 0 };

/**
 * Reads some thousand records of a CSV file (RFC 4180, UTF-8, LF or CRLF, a byte-order mark is passed over) and answers
 * where the next one begins, undefined at the end of the file; rows of nothing but commas, which spreadsheets leave at the end, are passed over. Where the quotes of a record
 * are broken, the line on which it begins is given as broken, and the next one begins on the line below.
 */
export async function readPiece(path: string, from: Start, reader: RecordReader): Promise<Start | undefined> {
  const file = await open(path);
  try {
    return await readPieceOf(file, from, reader);
  } finally {
    await file.close();
  }
}

/** The fields of one record, which was read before, as they stand in the file. */
export function fieldsAt(path: string, { start, end }: Pick<Place, 'start' | 'end'>): readonly string[] {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(end - start);
    const [fields = []] = parseAll(bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)), { relax_column_count: true });
    return fields;
  } finally {
    closeSync(file);
  }
}

async function readPieceOf(file: FileHandle, from: Start, reader: RecordReader): Promise<Start | undefined> {
  let { line, offset } = from;
  const first = from.offset === 0 ? await lengthOfMark(file) : from.offset;
  const parser = parse({
    bom: false, // by a mark, the parser takes a piece to be UTF-16, and the pieces after it to be UTF-8
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: LARGEST_RECORD,
    on_record: (fields: string[], { bytes }: { bytes: number }) => {
      const place = { line, start: offset, end: first + bytes };
      offset = place.end;
      line += 1 + lineBreaks(fields);
      if (fields.some((field) => field.trim() !== '')) reader.record(fields, place);
      return null;
    },
  });
  try {
    // as a rule once: only a record larger than the chunk takes more
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
  const { bytesRead, buffer } = await file.read(Buffer.alloc(MARK.length), 0, MARK.length, 0);
  return bytesRead === MARK.length && buffer.equals(MARK) ? MARK.length : 0;
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
