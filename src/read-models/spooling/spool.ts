import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { inheritOwner } from '../../kernel/file-owner.js';

/**
 * Entries (JSON) distributed to partitions, in one file of blocks. Each block holds some entries of one partition and the
 * offset of the block before it of the same partition: a partition is read from its last block. Bytes beyond a known end are
 * overwritten, so that a killed process can be resumed from there.
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
/** Bytes that wait for one write: a block of a partition, and all partitions together. */
const BLOCK = 32 * 1024;
const MAX_WAITING = 16 * 1024 * 1024;
/** Bytes that a UTF-16 unit takes at most in UTF-8. */
const WIDEST = 3;
const [BEGIN, BETWEEN, END] = ['[', ',', ']'].map((sign) => sign.charCodeAt(0)) as [number, number, number];

export function emptySpool(partitions: number): SpoolEnd {
  return { size: 0, last: new Array<number>(partitions).fill(NONE), bytes: new Array<number>(partitions).fill(0) };
}

/** Writes on from an end; what it writes counts from `flush` on. */
export class SpoolWriter {
  private readonly handle: number;
  /** By partition, its block to come: the header, then entries as bytes, since texts that wait for long are dear to collect. */
  private readonly blocks: (Buffer | undefined)[];
  private readonly used: number[];
  private readonly last: number[];
  private readonly bytes: number[];
  private readonly blockSize: number;
  private size: number;

  /** @throws SpoolDamaged when the file is shorter than its end */
  constructor({ file, end }: Spool) {
    this.handle = openSync(file, end.size === 0 ? 'w' : 'r+', 0o600);
    inheritOwner(file);
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
    this.blockSize = Math.min(BLOCK, Math.floor(MAX_WAITING / end.last.length));
    this.blocks = end.last.map(() => undefined);
    this.used = end.last.map(() => HEADER);
  }

  add(partition: number, entry: string): void {
    const most = entry.length * WIDEST + 2;
    if ((this.used[partition] ?? 0) + most > this.blockSize) this.write(partition);
    let block = this.blocks[partition];
    if (!block || block.length < HEADER + most) {
      block = Buffer.allocUnsafe(Math.max(this.blockSize, HEADER + most));
      this.blocks[partition] = block;
    }
    const used = this.used[partition] ?? HEADER;
    block[used] = used === HEADER ? BEGIN : BETWEEN;
    this.used[partition] = used + 1 + block.write(entry, used + 1);
  }

  /** Writes what waits. It need not reach the disk: a power cut leaves blocks that do not match their CRC. */
  flush(): SpoolEnd {
    for (const partition of this.blocks.keys()) this.write(partition);
    return { size: this.size, last: [...this.last], bytes: [...this.bytes] };
  }

  close(): void {
    closeSync(this.handle);
  }

  private write(partition: number): void {
    const [block, used] = [this.blocks[partition], this.used[partition] ?? HEADER];
    if (!block || used === HEADER) return;
    block[used] = END;
    const whole = block.subarray(0, used + 1);
    const entries = whole.subarray(HEADER);
    whole.writeDoubleLE(this.last[partition] ?? NONE, 0);
    whole.writeUInt32LE(entries.length, 8);
    whole.writeUInt32LE(crc32(entries), 12);
    const written = writeSync(this.handle, whole, 0, whole.length, this.size);
    if (written !== whole.length) throw new Error(`only ${written} of ${whole.length} bytes could be spooled: is the disk full?`);
    this.last[partition] = this.size;
    this.bytes[partition] = (this.bytes[partition] ?? 0) + entries.length;
    this.size += written;
    this.used[partition] = HEADER;
    if (block.length > this.blockSize) this.blocks[partition] = undefined; // one entry was large
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
