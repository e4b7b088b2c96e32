/** An event as EventStoreDB stores it. */
export interface Entry {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** In ticks of 100 ns since 1970. */
  readonly created: bigint;
  /** Where it begins in the transaction file; commit and prepare position are equal. */
  readonly position: bigint;
}

export type Proposed = Pick<Entry, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;
export type Expected = number | 'no_stream' | 'any' | 'stream_exists';

export type Appended =
  | { readonly result: 'done'; readonly revision: number; readonly position: bigint }
  | { readonly result: 'known'; readonly revision: number; readonly position: bigint }
  | { readonly result: 'wrong version'; readonly actual: number }
  | { readonly result: 'deleted' };

/** The truncation of a soft-deleted stream: 2^63 - 1, as JavaScript reads it. */
const DELETED = Number(2n ** 63n - 1n);

/** Events that a real server writes at its start, and may write at any time. */
const SYSTEM_EVENTS = [
  ['$users', '$User'],
  ['$user-admin', '$UserCreated'],
  ['$scavenges', '$metadata'],
] as const;

/** The log and index of EventStoreDB 22.10 in memory, with its answers to appends, deletions and reads. */
export class MemoryLog {
  readonly entries: Entry[] = [];
  private readonly streams = new Map<string, Entry[]>();
  private readonly truncatedBefore = new Map<string, number>();
  private readonly mostKept = new Map<string, number>();
  private readonly tombstoned = new Set<string>();
  private readonly listeners = new Set<(fresh: readonly Entry[]) => void>();
  /** Where the next event will begin. */
  end = 0n;

  constructor() {
    for (const [stream, type] of SYSTEM_EVENTS) this.writeSystemEvent(stream, type);
  }

  append(stream: string, expected: Expected, events: readonly Proposed[]): Appended {
    if (this.tombstoned.has(stream)) return { result: 'deleted' };
    const actual = this.lastRevision(stream);
    const wrong = { result: 'wrong version', actual } as const;
    if (expected === 'stream_exists' && (actual < 0 || this.isSoftDeleted(stream))) return wrong;
    if (events.length === 0 && typeof expected === 'string') return { result: 'done', revision: 0, position: 0n };
    if (expected === 'any' || expected === 'stream_exists') {
      const known = events.map(({ id }) => this.of(stream).findLast((entry) => entry.id === id));
      if (!known[0]) return this.write(stream, events);
      return known.every((entry) => entry) ? knownAs(known.at(-1)) : wrong;
    }
    const before = expected === 'no_stream' ? -1 : expected;
    if (before === actual) return this.write(stream, events);
    if (before > actual || events.length === 0) return wrong;
    const known = events.map(({ id }, at) => {
      const entry = this.of(stream)[before + 1 + at];
      return entry?.id === id ? entry : undefined;
    });
    if (!known[0] && before === -1 && this.isSoftDeleted(stream)) return this.write(stream, events);
    return known.every((entry) => entry) ? knownAs(known.at(-1)) : wrong;
  }

  softDelete(stream: string): void {
    this.writeSystemEvent(`$$${stream}`, '$metadata', `{"$tb":${2n ** 63n - 1n}}`);
  }

  /** Truncates a stream like `$tb` and `$maxAge`: its earlier events can no longer be read. */
  truncate(stream: string, before: number): void {
    this.writeSystemEvent(`$$${stream}`, '$metadata', JSON.stringify({ $tb: before }));
  }

  /** Removes truncated events from the log; the positions of the others stay. */
  scavenge(): void {
    const kept = this.entries.filter(({ stream, revision }) => !this.tombstoned.has(stream) && revision >= this.firstOf(stream));
    this.entries.splice(0, this.entries.length, ...kept);
  }

  tombstone(stream: string): void {
    this.tombstoned.add(stream);
    this.writeSystemEvent(stream, '$streamDeleted');
  }

  /** Writes events like the server's projections and statistics. */
  writeSystemEvent(stream: string, type: string, data = '{}'): void {
    const none = new Uint8Array();
    const event = { id: crypto.randomUUID(), type, contentType: 'application/json', data: Buffer.from(data), metadata: none };
    this.write(stream, [event]);
  }

  /** The readable events of a stream: none when it is truncated to its end, undefined when it does not exist or is soft-deleted. */
  stream(name: string): readonly Entry[] | 'deleted' | undefined {
    if (this.tombstoned.has(name)) return 'deleted';
    if (this.of(name).length === 0 || this.isSoftDeleted(name)) return undefined;
    const from = this.firstOf(name);
    return this.of(name).filter(({ revision }) => revision >= from);
  }

  /** Up to `most` events from a position on. */
  from(position: bigint, most: number): readonly Entry[] {
    return this.after(position - 1n, most);
  }

  /** Whether an event begins at a position, or the next one will. */
  isPlace(position: bigint): boolean {
    return position === this.end || this.entries[this.indexOf(position)]?.position === position;
  }

  /** Up to `most` events after a position. */
  after(position: bigint, most: number): readonly Entry[] {
    const at = this.indexOf(position + 1n);
    return this.entries.slice(at, at + most);
  }

  /** Up to `most` events before a position, newest first. */
  before(position: bigint, most: number): readonly Entry[] {
    const at = this.indexOf(position);
    return this.entries.slice(Math.max(0, at - most), at).toReversed();
  }

  /** Returns a function that unsubscribes. */
  onGrowth(listener: (fresh: readonly Entry[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The number of events before a position. */
  private indexOf(position: bigint): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle] as Entry).position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private write(stream: string, events: readonly Proposed[]): Appended {
    const entries = this.streams.get(stream) ?? [];
    this.streams.set(stream, entries);
    if (this.isSoftDeleted(stream)) this.truncatedBefore.set(stream, entries.length); // it goes on where it ended
    const created = BigInt(Date.now()) * 10_000n;
    const kept = events.map((event, at): Entry => {
      const position = this.end;
      this.end += BigInt(100 + event.data.length + event.metadata.length);
      return { ...event, stream, revision: entries.length + at, created, position };
    });
    entries.push(...kept);
    this.entries.push(...kept);
    if (stream.startsWith('$$')) for (const { type, data } of kept) if (type === '$metadata') this.truncateAs(stream.slice(2), data);
    for (const listener of this.listeners) listener(kept);
    const last = kept.at(-1) as Entry;
    return { result: 'done', revision: last.revision, position: last.position };
  }

  private truncateAs(stream: string, metadata: Uint8Array): void {
    const { $tb, $maxCount } = JSON.parse(Buffer.from(metadata).toString()) as { readonly $tb?: number; readonly $maxCount?: number };
    if ($tb !== undefined) this.truncatedBefore.set(stream, $tb);
    if ($maxCount !== undefined) this.mostKept.set(stream, $maxCount);
  }

  /** The first readable revision of a stream. */
  private firstOf(stream: string): number {
    const most = this.mostKept.get(stream) ?? Number.POSITIVE_INFINITY;
    return Math.max(this.truncatedBefore.get(stream) ?? 0, this.of(stream).length - most);
  }

  private of(stream: string): readonly Entry[] {
    return this.streams.get(stream) ?? [];
  }

  private lastRevision(stream: string): number {
    return this.of(stream).at(-1)?.revision ?? -1;
  }

  private isSoftDeleted(stream: string): boolean {
    return this.truncatedBefore.get(stream) === DELETED && this.of(stream).length > 0;
  }
}

function knownAs(last: Entry | undefined): Appended {
  return { result: 'known', revision: last?.revision ?? 0, position: last?.position ?? 0n };
}
