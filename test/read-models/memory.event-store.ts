import { type Append, LogReplaced, type RevisionConflict, type Written } from '../../src/event-store/append.js';
import { type Event, type Position, type Recorded, START } from '../../src/event-store/event.js';
import { type EventPage, EventStore, type Filter } from '../../src/event-store/event-store.js';

/** An event to be recorded; its subject and its stream as the log would have them. */
export type Told = Event & { readonly subject?: string; readonly unknown?: true; readonly recordedAt?: string };

/** A log in memory whose past a test can change: an older state of it restored, another history told. */
export class MemoryEventStore extends EventStore {
  override readonly failedAppendsAreFinal = true;
  private log: readonly Recorded[] = [];
  private growth = Promise.withResolvers<void>();
  private ids = 0;

  /** Appends, and answers where the log ends then. */
  tell(events: readonly Told[]): Position {
    const fresh = events.map((event, at): Recorded => {
      const number = this.log.length + at + 1;
      return {
        recordedAt: '2026-11-22T08:00:00.000Z',
        ...event,
        id: `event-${++this.ids}`,
        stream: `stream-${event.subject ?? ''}`,
        revision: number,
        position: positionOf(number),
        metadata: { command: `command-${number}`, correlation: 'test', by: 'test', origin: 'office' },
      };
    });
    this.log = [...this.log, ...fresh];
    this.growth.resolve();
    this.growth = Promise.withResolvers<void>();
    return this.log.at(-1)?.position ?? START;
  }

  /** Goes back to the log as it was after its first `count` events. */
  restore(count: number): void {
    this.log = this.log.slice(0, count);
  }

  /** The log as it was. */
  putBack(events: readonly Recorded[]): void {
    this.log = events;
  }

  get all(): readonly Recorded[] {
    return this.log;
  }

  override append(_appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    throw new Error('tests tell() events instead');
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return names.map((name) => this.log.filter(({ stream }) => stream === name));
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.log.filter(({ subject }) => subject === id);
  }

  override async read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    const wanted = this.log.filter((event) => event.position > after && isWanted(event, filter));
    const events = wanted.slice(0, limit);
    const end = wanted.length <= limit;
    return { events, end, position: (end ? this.log : events).at(-1)?.position ?? after };
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    return this.log.find((event) => event.position === position);
  }

  override async head(): Promise<Position> {
    return this.log.at(-1)?.position ?? START;
  }

  override async count(after: Position, upTo: Position): Promise<number> {
    if (after > upTo && after > (await this.head())) throw new LogReplaced(`the log ends before ${after}`);
    return this.distance(after, upTo);
  }

  override distance(after: Position, upTo: Position): number {
    return this.log.filter(({ position }) => position > after && position <= upTo).length;
  }

  override async splitRange(after: Position, upTo: Position, shares: number): Promise<readonly Position[]> {
    const between = this.log.filter(({ position }) => position > after && position < upTo);
    const size = Math.ceil((between.length + 1) / shares);
    return between.filter((_, at) => (at + 1) % size === 0).map(({ position }) => position);
  }

  override async positionBack(from: Position, events: number): Promise<Position> {
    const before = this.log.filter(({ position }) => position <= from);
    return before[before.length - 1 - events]?.position ?? START;
  }

  override async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new Promise((resolve) => signal.addEventListener('abort', resolve));
    let position = after;
    while (!signal.aborted) {
      const growth = this.growth.promise;
      const page = await this.read(position, 100, filter);
      if (page.position > position) {
        position = page.position;
        await handle(page);
      } else await Promise.race([growth, over]);
    }
  }

  override async close(): Promise<void> {
    this.log = [];
  }
}

function positionOf(number: number): Position {
  return String(number).padStart(8, '0');
}

function isWanted(event: Recorded, filter: Filter | undefined): boolean {
  if (!filter) return true;
  if ('except' in filter) return !filter.except.includes(event.type);
  return 'types' in filter ? filter.types.includes(event.type) : event.stream.startsWith(filter.prefix);
}
