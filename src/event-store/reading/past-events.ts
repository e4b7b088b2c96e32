import type { Position, Recorded } from '../event.js';
import { type EventPage, EventStore, type Filter } from '../event-store.js';

/** The log as it was when it ended at a position. Nothing can be recorded in it, and it never goes on. */
export class PastEvents extends EventStore {
  override readonly failedAppendsAreFinal = true;

  constructor(
    private readonly log: EventStore,
    private readonly end: Position,
  ) {
    super();
  }

  override async append(): Promise<never> {
    throw new Error('nothing is recorded in the past');
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return (await this.log.streams(names)).map((history) => this.until(history));
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.until(await this.log.subject(id));
  }

  override async read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    if (after >= this.end) return { events: [], position: after, end: true };
    const page = await this.log.read(after, limit, filter);
    if (page.position < this.end) return page;
    return { events: this.until(page.events), position: this.end, end: true };
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    return position > this.end ? undefined : this.log.at(position);
  }

  override async head(): Promise<Position> {
    return this.end;
  }

  override count(after: Position, upTo: Position): Promise<number> {
    return this.log.count(after, upTo);
  }

  override distance(after: Position, upTo: Position): number {
    return this.log.distance(after, upTo);
  }

  override async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
    for (let position = after, isEnd = false; !isEnd && !signal.aborted; ) {
      const page = await this.read(position, 1_000, filter);
      await handle(page);
      ({ position, end: isEnd } = page);
    }
    if (!signal.aborted) await ended;
  }

  /** The log itself stays open. */
  override async close(): Promise<void> {}

  private until(events: readonly Recorded[]): readonly Recorded[] {
    return events.filter(({ position }) => position <= this.end);
  }
}
