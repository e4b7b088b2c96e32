import type { Append, RevisionConflict, Written } from '../../src/event-store/append.js';
import { RevisionConflict as Lost } from '../../src/event-store/append.js';
import { type Position, type Recorded, START } from '../../src/event-store/event.js';
import { type EventPage, EventStore } from '../../src/event-store/event-store.js';

/** A log in memory that takes appends as every store does: what commands decide is what it holds, as JSON. */
export class KeptEvents extends EventStore {
  override readonly failedAppendsAreFinal: boolean = true;
  readonly log: Recorded[] = [];

  constructor(private readonly now: () => string) {
    super();
  }

  override async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    return appends.map(({ stream, expected, events }) => {
      const last = this.log.findLast((event) => event.stream === stream.name)?.revision ?? 'no_stream';
      if (last !== expected) return new Lost(stream.name, expected, last);
      const first = last === 'no_stream' ? 0 : last + 1;
      const fresh = events.map((event, at) => ({
        ...(JSON.parse(JSON.stringify(event)) as typeof event),
        stream: stream.name,
        revision: first + at,
        position: positionOf(this.log.length + at),
        recordedAt: this.now(),
        ...(stream.subject !== undefined && { subject: stream.subject }),
      }));
      this.log.push(...fresh);
      return { revision: first + events.length - 1, position: this.log.at(-1)?.position ?? START };
    });
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return names.map((name) => this.log.filter(({ stream }) => stream === name));
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.log.filter(({ subject }) => subject === id);
  }

  override async read(after: Position, limit: number): Promise<EventPage> {
    const events = this.log.filter(({ position }) => position > after).slice(0, limit);
    return { events, position: events.at(-1)?.position ?? after, end: events.at(-1) === this.log.at(-1) };
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    return this.log.find((event) => event.position === position);
  }

  override async head(): Promise<Position> {
    return this.log.at(-1)?.position ?? START;
  }

  override async count(after: Position, upTo: Position): Promise<number> {
    return this.log.filter(({ position }) => position > after && position <= upTo).length;
  }

  override distance(after: Position, upTo: Position): number {
    return this.log.filter(({ position }) => position > after && position <= upTo).length;
  }

  override subscribe(): Promise<void> {
    throw new Error('nobody follows it');
  }

  override async close(): Promise<void> {}
}

function positionOf(at: number): Position {
  return String(at + 1).padStart(8, '0');
}
