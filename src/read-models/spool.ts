import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writevSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/**
 * Entries (JSON) dealt out to partitions, in one file of blocks. Each block holds some entries of one partition and says
 * where the block before it of the same partition stands: a partition is read from its last block. What stands beyond a
 * known end is written over, so that whoever was killed goes on from there.
 */
export interface SpoolEnd {
  /** Bytes of the file. */
  readonly size: number;
  /** By partition, where its last block begins; NONE before the first. */
  readonly last: readonly number[];
  /** By partition, bytes of its entries. */
  readonly bytes: readonly number[];
}

/** A spool file up to an end of it. */
export interface Spool {
  readonly file: string;
  readonly end: SpoolEnd;
}

/** The file is not what was written: a power cut, or another hand. It is made anew from the log. */
export class SpoolDamaged extends Error {
  override readonly name = 'SpoolDamaged';
}

const NONE = -1;
/** Where the block before begins (double), then bytes of the entries and their CRC-32 (unsigned 32 bits). */
const HEADER = 16;
/** Characters that wait for one write: a block of a partition, and all partitions together. */
const BLOCK = 32_768;
const MOST_WAITING = 16 * 1024 * 1024;

export function emptySpool(partitions: number): SpoolEnd {
  return { size: 0, last: new Array<number>(partitions).fill(NONE), bytes: new Array<number>(partitions).fill(0) };
}

/** Writes on from an end; what it writes counts from `flush` on. */
export class SpoolWriter {
  private readonly handle: number;
  private readonly waiting: string[][];
  private readonly waitingLength: number[];
  private readonly last: number[];
  private readonly bytes: number[];
  private readonly block: number;
  private size: number;

  /** @throws SpoolDamaged when the file is shorter than its end */
  constructor({ file, end }: Spool) {
    this.handle = openSync(file, end.size === 0 ? 'w' : 'r+', 0o600);
    try {
      if (fstatSync(this.handle).size < end.size) throw new SpoolDamaged(`${file} is shorter than it was`);
      ftruncateSync(this.handle, end.size);
    } catch (error) {
      closeSync(this.handle);
      throw error;
    }
    this.size = end.size;
    this.last = [...end.last];
    this.bytes = [...end.bytes];
    this.block = Math.min(BLOCK, Math.floor(MOST_WAITING / end.last.length));
    this.waiting = end.last.map(() => []);
    this.waitingLength = end.last.map(() => 0);
  }

  add(partition: number, entry: string): void {
    const waiting = this.waiting[partition] as string[];
    waiting.push(entry);
    const length = (this.waitingLength[partition] ?? 0) + entry.length;
    this.waitingLength[partition] = length;
    if (length >= this.block) this.write(partition, waiting);
  }

  /** Writes what waits. It need not reach the disk: a power cut leaves blocks that do not match their CRC. */
  flush(): SpoolEnd {
    for (const [partition, waiting] of this.waiting.entries()) if (waiting.length > 0) this.write(partition, waiting);
    return { size: this.size, last: [...this.last], bytes: [...this.bytes] };
  }

  close(): void {
    closeSync(this.handle);
  }

  private write(partition: number, waiting: string[]): void {
    const entries = Buffer.from(`[${waiting.join(',')}]`);
    const header = Buffer.alloc(HEADER);
    header.writeDoubleLE(this.last[partition] ?? NONE, 0);
    header.writeUInt32LE(entries.length, 8);
    header.writeUInt32LE(crc32(entries), 12);
    const written = writevSync(this.handle, [header, entries], this.size);
    if (written !== HEADER + entries.length) throw new Error(`only ${written} of ${HEADER + entries.length} bytes could be spooled: is the disk full?`);
    this.last[partition] = this.size;
    this.bytes[partition] = (this.bytes[partition] ?? 0) + entries.length;
    this.size += written;
    waiting.length = 0;
    this.waitingLength[partition] = 0;
  }
}

/** The entries of a partition in the order in which they were added, block by block. @throws SpoolDamaged */
export function* entriesOf<Entry>({ file, end }: Spool, partition: number): Generator<readonly Entry[]> {
  if (end.last[partition] === NONE) return;
  const handle = openSync(file, 'r');
  try {
    const blocks: { readonly at: number; readonly length: number; readonly crc: number }[] = [];
    const header = Buffer.alloc(HEADER);
    for (let at = end.last[partition] ?? NONE; at !== NONE; ) {
      if (readSync(handle, header, 0, HEADER, at) !== HEADER) throw new SpoolDamaged(`${file} ends within a block`);
      const before = header.readDoubleLE(0);
      if (!(before === NONE || (Number.isSafeInteger(before) && before >= 0 && before < at))) throw new SpoolDamaged(`${file} holds no block at ${at}`);
      blocks.push({ at, length: header.readUInt32LE(8), crc: header.readUInt32LE(12) });
      at = before;
    }
    for (const { at, length, crc } of blocks.reverse()) {
      if (at + HEADER + length > end.size) throw new SpoolDamaged(`${file} holds no block at ${at}`);
      const entries = Buffer.alloc(length);
      if (readSync(handle, entries, 0, length, at + HEADER) !== length || crc32(entries) !== crc) {
        throw new SpoolDamaged(`${file} holds another block at ${at} than was written`);
      }
      yield JSON.parse(entries.toString()) as readonly Entry[];
    }
  } finally {
    closeSync(handle);
  }
}
