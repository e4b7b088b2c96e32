import { type Append, LostRace, type Written } from '../../../src/event-store/append.js';
import { type Position, type Recorded, START } from '../../../src/event-store/event.js';
import { EventStore, type Filter, type Page } from '../../../src/event-store/event-store.js';

/**
 * The part of a log that begins where the log ended, as a log of its own, for a server that cannot be emptied: its streams
 * have a prefix there that nobody sees here. The server is the test's alone while it runs: what others recorded after it
 * began would be beyond its head.
 */
export class OwnPart extends EventStore {
  protected override readonly isSettledWhenFailed = false;
  constructor(
    private readonly whole: EventStore,
    private readonly begins: Position,
    private readonly prefix: string,
  ) {
    super();
  }

  override async append(appends: readonly Append[]): Promise<readonly (Written | LostRace)[]> {
    const answers = await this.whole.append(appends.map((append) => ({ ...append, stream: { ...append.stream, name: this.inWhole(append.stream.name) } })));
    return answers.map((answer) =>
      answer instanceof LostRace
        ? new LostRace(answer.stream.slice(this.prefix.length), answer.expected, answer.actual)
        : { ...answer, position: this.toPart(answer.position) },
    );
  }

  override async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return (await this.whole.streams(names.map((name) => this.inWhole(name)))).map((events) => this.ours(events));
  }

  override async subject(id: string): Promise<readonly Recorded[]> {
    return this.ours(await this.whole.subject(id));
  }

  override async read(after: Position, limit: number, filter?: Filter): Promise<Page> {
    return this.pageOf(await this.whole.read(this.toWhole(after), limit, this.filterOf(filter)));
  }

  override async at(position: Position): Promise<Recorded | undefined> {
    const event = await this.whole.at(position);
    return event && this.ours([event])[0];
  }

  override async head(): Promise<Position> {
    return this.toPart(await this.whole.head());
  }

  override async count(after: Position, upTo: Position): Promise<number> {
    return this.whole.count(this.toWhole(after), this.toWhole(upTo));
  }

  override async divide(after: Position, upTo: Position, shares: number): Promise<readonly Position[]> {
    return this.whole.divide(this.toWhole(after), this.toWhole(upTo), shares);
  }

  override async subscribe(after: Position, filter: Filter | undefined, handle: (page: Page) => Promise<void>, signal: AbortSignal): Promise<void> {
    await this.whole.subscribe(this.toWhole(after), this.filterOf(filter), (page) => handle(this.pageOf(page)), signal);
  }

  override async close(): Promise<void> {
    await this.whole.close();
  }

  /** No name stays none. */
  private inWhole(name: string): string {
    return name && this.prefix + name;
  }

  private filterOf(filter: Filter | undefined): Filter {
    return filter && !('prefix' in filter) ? filter : { prefix: this.prefix + (filter?.prefix ?? '') };
  }

  private pageOf({ events, position, end }: Page): Page {
    return { events: this.ours(events), position: this.toPart(position), end };
  }

  private ours(events: readonly Recorded[]): readonly Recorded[] {
    return events.filter(({ stream }) => stream.startsWith(this.prefix)).map((event) => ({ ...event, stream: event.stream.slice(this.prefix.length) }));
  }

  private toWhole(position: Position): Position {
    return position === START ? this.begins : position;
  }

  private toPart(position: Position): Position {
    return position <= this.begins ? START : position;
  }
}
