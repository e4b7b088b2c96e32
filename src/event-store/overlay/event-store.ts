import { type Append, LogReplaced, RevisionConflict, type Written } from '../append.js';
import { assertAppendable, serialize } from '../appendable.js';
import { type Position, type Recorded, START } from '../event.js';
import { type EventPage, EventStore, type Filter } from '../event-store.js';
import { currentVersion, type EventTypes } from '../event-types.js';
import { matches } from '../filter.js';
import type { RecordedCommands } from '../recorded-commands.js';

/** What an overlay needs of the log below it: nothing by which anything could be appended. */
export type ReadableLog = Pick<EventStore, 'streams' | 'commandsOf' | 'subject' | 'read' | 'at' | 'count' | 'distance' | 'readsNeedRoundTrips'>;

/** The end of a stream. */
interface StreamEnd extends Written {
  readonly subject: string | undefined;
}

type Histories = ReadonlyMap<string, readonly Recorded[]>;

/** Positions of appended events: they sort after all of the log's, and end in digits as those do. */
const MARK = '~';
const OWN = /^~\d{16}$/;
/** Events per page of a subscription. */
const PAGE = 1_000;
const NO_STREAM: StreamEnd = { revision: -1, position: START, subject: undefined };

/**
 * A log as it would be after some appends: it reads the log below up to a position, and keeps what is appended in memory. The log
 * below cannot be changed through it, and what is appended there later is not seen. For previews; forgotten with the object.
 */
export class OverlayEventStore extends EventStore {
  override readonly failedAppendsAreFinal = true;
  override readonly readsNeedRoundTrips: boolean;
  private readonly appended: Recorded[] = [];
  private readonly byStream = new Map<string, Recorded[]>();
  /** The ends of those streams of the log below that were read. */
  private readonly ends = new Map<string, StreamEnd>();
  private change = Promise.withResolvers<void>();
  private isClosed = false;

  /** @param upTo what is recorded later in the log below is not seen, usually its head */
  constructor(
    private readonly below: ReadableLog,
    private readonly upTo: Position,
    private readonly types: EventTypes,
  ) {
    super();
    this.readsNeedRoundTrips = below.readsNeedRoundTrips;
  }

  /** What was appended here, in order. */
  get kept(): readonly Recorded[] {
    return this.appended;
  }

  async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    this.assertOpen();
    const recordedAt = new Date().toISOString();
    const events = appends.map((append) => this.readBack(append, recordedAt));
    const histories = await this.historiesFor(appends);
    const before = this.appended.length;
    try {
      return appends.map((append, at) => this.appendOne(append, events[at] ?? [], histories));
    } catch (error) {
      for (const { stream } of this.appended.splice(before)) this.byStream.get(stream)?.pop();
      throw error;
    }
  }

  async streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    this.assertOpen();
    const histories = await this.readBelow(names);
    return names.map((name) => [...(histories.get(name) ?? []), ...(this.byStream.get(name) ?? [])]);
  }

  /** Of streams that nothing was appended to here. */
  override async commandsOf(names: readonly string[]): Promise<readonly (RecordedCommands | undefined)[]> {
    this.assertOpen();
    const below = await this.below.commandsOf(names);
    return names.map((name, at) => {
      const found = below[at];
      if (!found || found.position > this.upTo || this.byStream.has(name)) return undefined;
      if (found.commands.length === 0) this.ends.set(name, NO_STREAM);
      return found;
    });
  }

  async subject(id: string): Promise<readonly Recorded[]> {
    this.assertOpen();
    return [...this.seen(await this.below.subject(id)), ...this.appended.filter(({ subject }) => subject === id)];
  }

  async read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    this.assertOpen();
    if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`not a number of events: ${limit}`);
    if (OWN.test(after) || after === this.upTo) return this.readAppended(after, limit, filter);
    const page = await this.below.read(after, limit, filter);
    if (after > this.upTo) throw new LogReplaced(`日志在位置 ${after} 之前就结束了`);
    if (!page.end && page.position < this.upTo) return page;
    return { events: this.seen(page.events), position: this.upTo, end: this.appended.length === 0 };
  }

  async at(position: Position): Promise<Recorded | undefined> {
    this.assertOpen();
    if (OWN.test(position)) return this.appended[rankOf(position) - 1];
    return position > this.upTo ? undefined : this.below.at(position);
  }

  async head(): Promise<Position> {
    this.assertOpen();
    return this.appended.at(-1)?.position ?? this.upTo;
  }

  async count(after: Position, upTo: Position): Promise<number> {
    if (rankOf(after) > this.appended.length) throw new LogReplaced(`日志在位置 ${after} 之前就结束了`);
    return (await this.below.count(this.belowOf(after), this.belowOf(upTo))) + Math.max(0, rankOf(upTo) - rankOf(after));
  }

  distance(after: Position, upTo: Position): number {
    return this.below.distance(this.belowOf(after), this.belowOf(upTo)) + Math.max(0, rankOf(upTo) - rankOf(after));
  }

  async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    let position = after;
    let atEnd = false;
    while (!signal.aborted) {
      const changed = this.change.promise;
      const page = await this.read(position, PAGE, filter);
      if (atEnd && page.position === position) {
        await Promise.race([changed, aborted]);
        continue;
      }
      await handle(page);
      position = page.position;
      atEnd = page.end;
    }
  }

  /** The log below stays open: it belongs to whoever opened it. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.change.resolve();
  }

  /** An append's events as they would be read again. @throws as `append` */
  private readBack(append: Append, recordedAt: string): readonly Omit<Recorded, 'revision' | 'position'>[] {
    assertAppendable(append);
    const { stream, events } = append;
    return events.map((event) => {
      currentVersion(this.types, event.type); // throws for a type that no module declares
      const { data } = serialize(stream.name, event);
      const metadata = { ...event.metadata }; // of texts alone
      return { type: event.type, data: JSON.parse(data), id: event.id.toLowerCase(), stream: stream.name, recordedAt, metadata };
    });
  }

  /** Reads the streams of which the end is not known, or not what an append expects. */
  private async historiesFor(appends: readonly Append[]): Promise<Histories> {
    const isRead = ({ stream: { name }, expected }: Append) => {
      const end = this.ends.get(name);
      return !end || (this.byStream.get(name)?.at(-1)?.revision ?? end.revision) !== revisionOf(expected);
    };
    return this.readBelow(appends.filter(isRead).map(({ stream }) => stream.name));
  }

  private appendOne(
    { stream, expected }: Append,
    events: readonly Omit<Recorded, 'revision' | 'position'>[],
    histories: Histories,
  ): Written | RevisionConflict {
    const { name } = stream;
    const end = this.endOf(name);
    const before = revisionOf(expected);
    if (before !== end.revision) {
      const known = [...(histories.get(name) ?? []), ...(this.byStream.get(name) ?? [])].filter(({ revision }) => revision > before);
      const earlier = events.length > 0 && events.every(({ id }, at) => known[at]?.id === id) ? known[events.length - 1] : undefined;
      if (earlier) return { revision: earlier.revision, position: earlier.position };
      return new RevisionConflict(name, expected, end.revision === -1 ? 'no_stream' : end.revision);
    }
    if (events.length === 0) return { revision: end.revision, position: end.position };
    if (end.revision >= 0 && stream.subject !== undefined && end.subject !== stream.subject) throw new Error(`stream ${name} is of another subject`);
    const subject = end.revision >= 0 ? end.subject : stream.subject;
    const own = this.byStream.get(name) ?? [];
    this.byStream.set(name, own);
    for (const [at, event] of events.entries()) {
      const position = `${MARK}${String(this.appended.length + 1).padStart(16, '0')}`;
      const recorded: Recorded = { ...event, revision: end.revision + 1 + at, position, ...(subject !== undefined && { subject }) };
      own.push(recorded);
      this.appended.push(recorded);
    }
    this.change.resolve();
    this.change = Promise.withResolvers();
    const { revision, position } = this.endOf(name);
    return { revision, position };
  }

  private endOf(name: string): StreamEnd {
    const last = this.byStream.get(name)?.at(-1);
    if (!last) return this.ends.get(name) ?? NO_STREAM;
    return { revision: last.revision, position: last.position, subject: last.subject };
  }

  private async readBelow(names: readonly string[]): Promise<Histories> {
    if (names.length === 0) return new Map();
    const histories = await this.below.streams(names);
    return new Map(
      names.map((name, at) => {
        const history = this.seen(histories[at] ?? []);
        const last = history.at(-1);
        this.ends.set(name, last ? { revision: last.revision, position: last.position, subject: last.subject } : NO_STREAM);
        return [name, history];
      }),
    );
  }

  /** Without what was recorded in the log below after the overlay was made. */
  private seen(events: readonly Recorded[]): readonly Recorded[] {
    return (events.at(-1)?.position ?? START) <= this.upTo ? events : events.filter(({ position }) => position <= this.upTo);
  }

  private readAppended(after: Position, limit: number, filter: Filter | undefined): EventPage {
    let rank = rankOf(after);
    if (rank > this.appended.length) throw new LogReplaced(`日志在位置 ${after} 之前就结束了`);
    const events: Recorded[] = [];
    for (; rank < this.appended.length && events.length < limit; rank++) {
      const event = this.appended[rank] as Recorded;
      if (matches(event, filter)) events.push(event);
    }
    return { events, position: this.appended[rank - 1]?.position ?? this.upTo, end: rank === this.appended.length };
  }

  /** The part of a position that is the log's below. */
  private belowOf(position: Position): Position {
    return OWN.test(position) ? this.upTo : position;
  }

  private assertOpen(): void {
    if (this.isClosed) throw new Error('the event store is closed');
  }
}

function revisionOf(expected: Append['expected']): number {
  return expected === 'no_stream' ? -1 : expected;
}

/** Which of the appended events a position is, from 1; 0 for one of the log below. */
function rankOf(position: Position): number {
  return OWN.test(position) ? Number(position.slice(MARK.length)) : 0;
}
