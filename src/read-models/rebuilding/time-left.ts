import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';

/** In seconds; the default is given while nothing can be estimated. */
const DEFAULT_SECONDS = 30;
const MIN_SECONDS = 5;
const MAX_SECONDS = 600;

/** Estimates when a lagging reader will have caught up with the log, from its speed so far. */
export class TimeLeft {
  private last: { readonly distance: number; readonly at: number } | undefined;
  private estimate = DEFAULT_SECONDS;

  constructor(
    private readonly events: Pick<EventStore, 'distance'>,
    private readonly clock: () => number,
  ) {}

  /** A multiple of 5. */
  get seconds(): number {
    return Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, Math.ceil(this.estimate / 5) * 5));
  }

  /** Takes the reader's present position and the log's end. */
  update(position: Position, head: Position): void {
    if (position >= head) {
      this.last = undefined;
      this.estimate = DEFAULT_SECONDS;
      return;
    }
    const [distance, at] = [this.events.distance(position, head), this.clock()];
    if (this.last) {
      const aSecond = ((this.last.distance - distance) * 1_000) / (at - this.last.at);
      this.estimate = aSecond > 0 ? distance / aSecond : DEFAULT_SECONDS;
    }
    this.last = { distance, at };
  }
}
