import type { Position, Recorded } from '../event-store/event.js';
import type { ReactorCheckpoint } from './reactor-checkpoint.js';
import { nextRetry, type Retry } from './retry-rounds.js';

interface HeldStream extends Retry {
  readonly revision: number;
  readonly position: Position;
}

/** Streams that are held back by an event whose reaction failed. Each is retried from that event, with growing delays. */
export class HeldStreams {
  private readonly streams = new Map<string, HeldStream>();
  private round = 0;

  /** @param held from the saved checkpoint; retried in the next round */
  constructor(held: ReactorCheckpoint['held']) {
    for (const { stream, ...from } of held) this.streams.set(stream, { ...from, round: 0, delay: 1 });
  }

  get size(): number {
    return this.streams.size;
  }

  has(stream: string): boolean {
    return this.streams.has(stream);
  }

  /** Holds a stream back from this event on. */
  hold({ stream, revision, position }: Pick<Recorded, 'stream' | 'revision' | 'position'>): void {
    const before = this.streams.get(stream);
    this.streams.set(stream, { revision, position, ...nextRetry(this.round, before?.revision === revision ? before.delay : undefined) });
  }

  /** An event of a held stream is done; the stream continues after it. */
  advance({ stream, revision, position }: Pick<Recorded, 'stream' | 'revision' | 'position'>): void {
    this.streams.set(stream, { revision: revision + 1, position, round: this.round, delay: 1 });
  }

  /** The revision from which a held stream continues. */
  nextRevision(stream: string): number {
    return this.streams.get(stream)?.revision ?? 0;
  }

  /** Delays the next retry of a stream that could not be read. */
  postpone(stream: string): void {
    const held = this.streams.get(stream);
    if (held) this.hold({ stream, ...held });
  }

  release(stream: string): void {
    this.streams.delete(stream);
  }

  /** Begins the next round and returns the streams to retry in it. */
  beginRound(): readonly string[] {
    this.round += 1;
    return [...this.streams].filter(([, { round }]) => round <= this.round).map(([stream]) => stream);
  }

  /** The held streams up to a position; later events are read again anyway. */
  savedUpTo(position: Position): ReactorCheckpoint['held'] {
    return [...this.streams].filter(([, held]) => held.position <= position).map(([stream, { revision, position }]) => ({ stream, revision, position }));
  }
}
