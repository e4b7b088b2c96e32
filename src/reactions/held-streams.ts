import type { Position, Recorded } from '../event-store/event.js';
import { type Later, later } from './later-rounds.js';
import type { ReactorCheckpoint } from './reactor-checkpoint.js';

interface Held extends Later {
  readonly revision: number;
  readonly position: Position;
}

/** Streams on which something could not be done: each waits for its own event, tried again later each time. */
export class HeldStreams {
  private readonly streams = new Map<string, Held>();
  private round = 0;

  /** @param held what was held when it was saved; tried in the next round */
  constructor(held: ReactorCheckpoint['held']) {
    for (const { stream, ...from } of held) this.streams.set(stream, { ...from, round: 0, delay: 1 });
  }

  get size(): number {
    return this.streams.size;
  }

  has(stream: string): boolean {
    return this.streams.has(stream);
  }

  /** Holds a stream from this event on. */
  hold({ stream, revision, position }: Pick<Recorded, 'stream' | 'revision' | 'position'>): void {
    const before = this.streams.get(stream);
    this.streams.set(stream, { revision, position, ...later(this.round, before?.revision === revision ? before.delay : undefined) });
  }

  /** An event of a held stream is done: it goes on after it. */
  pass({ stream, revision, position }: Pick<Recorded, 'stream' | 'revision' | 'position'>): void {
    this.streams.set(stream, { revision: revision + 1, position, round: this.round, delay: 1 });
  }

  /** The revision from which a held stream goes on. */
  from(stream: string): number {
    return this.streams.get(stream)?.revision ?? 0;
  }

  /** What could not even be read waits as well. */
  postpone(stream: string): void {
    const held = this.streams.get(stream);
    if (held) this.hold({ stream, ...held });
  }

  release(stream: string): void {
    this.streams.delete(stream);
  }

  /** Begins the next round, and answers the streams whose turn it is. */
  next(): readonly string[] {
    this.round += 1;
    return [...this.streams].filter(([, { round }]) => round <= this.round).map(([stream]) => stream);
  }

  /** What is held up to a position: what is beyond it is gone through again in any case. */
  upTo(position: Position): ReactorCheckpoint['held'] {
    return [...this.streams].filter(([, held]) => held.position <= position).map(([stream, { revision, position }]) => ({ stream, revision, position }));
  }
}
