import type { Append, RevisionConflict, Written } from '../../../src/event-store/append.js';
import { type Position, type Recorded, START } from '../../../src/event-store/event.js';
import { type EventPage, EventStore, type Filter } from '../../../src/event-store/event-store.js';

/** The part of a log after one of its events, as a log of its own, so that a server which cannot be emptied is not searched from the start. */
export class LogTail extends EventStore {
  override readonly failedAppendsAreFinal = false;
  override readonly readsNeedRoundTrips = true;

  constructor(
    private readonly whole: EventStore,
    private readonly begins: Position,
  ) {
    super();
  }

  override async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    return this.whole.append(appends);
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return this.whole.streams(names);
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.whole.subject(id);
  }

  override async read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    return this.pageOf(await this.whole.read(this.toWhole(after), limit, filter));
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    const event = await this.whole.at(position);
    return this.toPart(position) === START ? undefined : event;
  }

  override async head(): Promise<Position> {
    return this.toPart(await this.whole.head());
  }

  override async count(after: Position, upTo: Position): Promise<number> {
    return this.whole.count(this.toWhole(after), this.toWhole(upTo));
  }

  override distance(after: Position, upTo: Position): number {
    return this.whole.distance(this.toWhole(after), this.toWhole(upTo));
  }

  override async splitRange(after: Position, upTo: Position, shares: number): Promise<readonly Position[]> {
    return this.whole.splitRange(this.toWhole(after), this.toWhole(upTo), shares);
  }

  override async positionBack(from: Position, events: number): Promise<Position> {
    return from === START ? START : this.toPart(await this.whole.positionBack(this.toWhole(from), events));
  }

  override async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.whole.subscribe(this.toWhole(after), filter, (page) => handle(this.pageOf(page)), signal);
  }

  override async close(): Promise<void> {
    await this.whole.close();
  }

  private pageOf({ events, position, end }: EventPage): EventPage {
    return { events, position: this.toPart(position), end };
  }

  private toWhole(position: Position): Position {
    return position === START ? this.begins : position;
  }

  private toPart(position: Position): Position {
    return position <= this.begins ? START : position;
  }
}
