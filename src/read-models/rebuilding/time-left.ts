import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';

/** Seconds: what is said where nothing can be told yet, and the least and the most that is. */
const UNKNOWN = 30;
const LEAST = 5;
const MOST = 600;

/** When what is behind the log will have seen it, by how fast it has come nearer. */
export class TimeLeft {
  private last: { readonly events: number; readonly at: number } | undefined;
  private estimate = UNKNOWN;

  constructor(
    private readonly events: Pick<EventStore, 'count'>,
    private readonly clock: () => number,
  ) {}

  /** In whole fives, so that nobody is sent away for a second. */
  get seconds(): number {
    return Math.min(MOST, Math.max(LEAST, Math.ceil(this.estimate / 5) * 5));
  }

  /** Something has come to a position, and the log's end is there. */
  async look(position: Position, head: Position): Promise<void> {
    if (position >= head) {
      this.last = undefined;
      this.estimate = UNKNOWN;
      return;
    }
    const [events, at] = [await this.events.count(position, head), this.clock()];
    if (this.last) {
      const aSecond = ((this.last.events - events) * 1_000) / (at - this.last.at);
      this.estimate = aSecond > 0 ? events / aSecond : UNKNOWN;
    }
    this.last = { events, at };
  }
}
