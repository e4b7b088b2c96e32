import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';

/** Seconds: what is said where nothing can be told yet, and the least and the most that is. */
const UNKNOWN = 30;
const LEAST = 5;
const MOST = 600;

/** When what is behind the log will have seen it, by how fast it has come nearer. */
export class TimeLeft {
  private last: { readonly extent: number; readonly at: number } | undefined;
  private estimate = UNKNOWN;

  constructor(
    private readonly events: Pick<EventStore, 'extent'>,
    private readonly clock: () => number,
  ) {}

  /** In whole fives, so that nobody is sent away for a second. */
  get seconds(): number {
    return Math.min(MOST, Math.max(LEAST, Math.ceil(this.estimate / 5) * 5));
  }

  /** Something has come to a position, and the log's end is there. */
  look(position: Position, head: Position): void {
    if (position >= head) {
      this.last = undefined;
      this.estimate = UNKNOWN;
      return;
    }
    const [extent, at] = [this.events.extent(position, head), this.clock()];
    if (this.last) {
      const aSecond = ((this.last.extent - extent) * 1_000) / (at - this.last.at);
      this.estimate = aSecond > 0 ? extent / aSecond : UNKNOWN;
    }
    this.last = { extent, at };
  }
}
