import { inParallel } from '../../kernel/in-parallel.js';
import { log } from '../../kernel/log.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { type Append, LogRefused, type Revision, RevisionConflict, type Written } from '../append.js';
import { type Position, type Recorded, START } from '../event.js';
import { type EventPage, EventStore, type Filter } from '../event-store.js';
import type { EventTypes } from '../event-types.js';
import { withinTimeBudget } from '../time-budget.js';
import { parseAppendResponse } from './append-response.js';
import { Connection, type Timeouts } from './connection/connection.js';
import { LogIdentity } from './connection/log-identity.js';
import { isTransient, TruncatedStream } from './errors.js';
import { commitOf, encodeAppend, eventDecoder, type PreparedAppend, prepareAppend } from './event-codec.js';
import { foreignEvents } from './foreign-events.js';
import { COUNT_LIMIT, LogReader } from './log-reader.js';
import { Scope } from './scope.js';
import { Subscription } from './subscription.js';
import type { ServerAddress } from './url.js';

export interface EventStoreDBOptions extends Timeouts {
  /** Milliseconds of silence after which a subscription reads the log itself. Default 200. */
  readonly subscriptionIdle?: number;
  /** The streams that are the centre's. Default: all. */
  readonly scope?: Scope;
  /** The stream whose first event identifies this log. When unset, any log is accepted. */
  readonly identityStream?: string;
  /** Milliseconds after which a log that ends too early and does not grow is an older copy. Default: a minute. */
  readonly staleLogTimeout?: number;
}

/** Streams that one call reads or writes concurrently. */
const CONCURRENCY = 32;
/** Average size of an event with its metadata. */
const BYTES_OF_EVENT = 500;
/** About 10 MB. */
const CACHED_STREAMS = 50_000;

/** The log in EventStoreDB 22.10 or newer (ADR 8). */
export class EventStoreDBEventStore extends EventStore {
  override readonly readsNeedRoundTrips = true;
  override readonly mayLag = true;
  override readonly countLimit = COUNT_LIMIT;
  /** A server that was frozen may still process what was sent to it before. */
  override readonly failedAppendsAreFinal = false;
  private readonly connection: Connection;
  private readonly reader: LogReader;
  private readonly subscriptionIdle: number;
  private readonly scope: Scope;
  private readonly appending = new Set<Promise<unknown>>();
  /** A stream's subject, which never changes. */
  private readonly subjects = lruCache<{ readonly subject: string | undefined }>(CACHED_STREAMS);
  /** Streams that end with skipped events, such as links: our end and the server's. */
  private readonly streamEnds = lruCache<{ readonly own: Revision; readonly end: Revision }>(CACHED_STREAMS);
  private closing: Promise<void> | undefined;

  /**
   * Connects in the background: while no node can be reached, that is logged once and calls are StoreUnavailable.
   * @param streamsOf the streams of a candidate in the log up to a position, for which EventStoreDB has no index
   */
  constructor(
    address: ServerAddress,
    private readonly types: EventTypes,
    private readonly streamsOf: (subject: string, upTo: Position) => Promise<readonly string[]>,
    { subscriptionIdle = 200, scope = new Scope(), identityStream, staleLogTimeout, ...timeouts }: EventStoreDBOptions = {},
  ) {
    super();
    this.scope = scope;
    this.subscriptionIdle = subscriptionIdle;
    const ownLog = new LogIdentity(identityStream && scope.serverName(identityStream), eventDecoder(types, scope), staleLogTimeout);
    this.connection = new Connection(address, ownLog, timeouts);
    this.reader = new LogReader(this.connection, scope, ownLog.observe);
    void this.logFirstContact();
  }

  async append(appends: readonly Append[]): Promise<readonly (Written | RevisionConflict)[]> {
    this.assertOpen();
    const writes = appends.map((append) => prepareAppend(append, this.types, this.scope));
    const appending = this.write(writes);
    this.appending.add(appending);
    try {
      return await appending;
    } finally {
      this.appending.delete(appending);
    }
  }

  streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return this.call(() => this.readStreams(names));
  }

  subject(id: string): Promise<readonly Recorded[]> {
    return this.call(async () => {
      const events = (await this.readStreams(await this.streamsOf(id, await this.reader.head()))).flat();
      return events.filter(({ subject }) => subject === id).sort((one, other) => (one.position < other.position ? -1 : 1));
    });
  }

  read(after: Position, limit: number, filter?: Filter): Promise<EventPage> {
    return this.call(() => this.reader.read(after, limit, filter));
  }

  at(position: Position): Promise<Recorded | undefined> {
    return this.call(() => this.reader.at(position));
  }

  head(): Promise<Position> {
    return this.call(() => this.reader.head());
  }

  count(after: Position, upTo: Position): Promise<number> {
    return this.call(() => this.reader.count(after, upTo));
  }

  /** By the server's byte positions, which needs no call. */
  distance(after: Position, upTo: Position): number {
    return Math.max(0, Number(commitOf(upTo) - commitOf(after)) / BYTES_OF_EVENT);
  }

  /** Reads the events in between: the server begins only where an event does. */
  override positionBack(from: Position, events: number): Promise<Position> {
    return this.call(() => this.reader.positionBack(from, events));
  }

  override foreignEvents(type: string): Promise<readonly Recorded[]> {
    return this.call(() => foreignEvents(this.connection, this.scope, this.types, type));
  }

  async subscribe(after: Position, filter: Filter | undefined, handle: (page: EventPage) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.assertOpen();
    await new Subscription(this.reader, after, filter, signal, this.subscriptionIdle).run(handle);
  }

  /** Checks that the server can be used. @throws LogRefused with the reason */
  async assertReachable(): Promise<void> {
    try {
      await this.reader.head();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || error instanceof LogRefused) throw error;
      throw new LogRefused(await this.connection.diagnose(error.cause), { cause: error });
    }
  }

  /** Closes the connection after the current appends. */
  close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.appending).then(() => this.connection.close());
    return this.closing;
  }

  /** Connects at the start, so that an unreachable server is logged at once. */
  private async logFirstContact(): Promise<void> {
    for (let tries = 1; !this.connection.closed.aborted; tries++) {
      try {
        await this.reader.head();
        return;
      } catch (error) {
        if (this.connection.closed.aborted) return;
        if (!isTransient(error)) log.error({ err: error }, 'EventStoreDB cannot be read');
        await this.connection.pause(tries);
      }
    }
  }

  /** Runs a call within the current request's time budget. */
  private async call<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    return withinTimeBudget(work());
  }

  private async readStreams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    const distinct = [...new Set(names)];
    const read = await inParallel(distinct, CONCURRENCY, async (name) => {
      const { events, end } = await this.reader.stream(name);
      const own = events.at(-1)?.revision ?? 'no_stream';
      if (own === end) this.streamEnds.delete(name);
      else this.streamEnds.set(name, { own, end });
      if (events[0]) this.subjects.set(name, { subject: events[0].subject });
      return events;
    });
    const byName = new Map(distinct.map((name, at) => [name, read[at] ?? []]));
    return names.map((name) => byName.get(name) ?? []);
  }

  private assertOpen(): void {
    if (this.closing) throw new Error('the event store is closed');
  }

  /** Appends to one stream run in order, because each may depend on the one before. */
  private async write(writes: readonly PreparedAppend[]): Promise<readonly (Written | RevisionConflict)[]> {
    const [only] = writes;
    if (only && writes.length === 1) {
      await this.assertSameSubject(writes);
      return [await this.writeOne(only)];
    }
    const byStream = [...Map.groupBy(writes, ({ name }) => name).values()];
    await inParallel(byStream, CONCURRENCY, (toOne) => this.assertSameSubject(toOne));
    const answers = new Map<PreparedAppend, Written | RevisionConflict>();
    await inParallel(byStream, CONCURRENCY, async (toOne) => {
      for (const write of toOne) answers.set(write, await this.writeOne(write));
    });
    return writes.map((write) => answers.get(write) as Written | RevisionConflict);
  }

  private async assertSameSubject(toOne: readonly PreparedAppend[]): Promise<void> {
    let owner: { readonly subject: string | undefined } | undefined;
    for (const { name, subject, expected, events } of toOne) {
      if (events.length === 0) continue;
      owner ??= expected === 'no_stream' ? { subject } : (this.subjects.get(name) ?? (await this.readSubject(name)));
      if (owner && subject !== undefined && owner.subject !== subject) throw new Error(`stream ${name} is of another subject`);
    }
  }

  /**
   * Sends the append again with the same ids and revision until its outcome is known. The server answers a repeated append with the
   * first result, so the events are written once.
   */
  private async writeOne(write: PreparedAppend): Promise<Written | RevisionConflict> {
    const { name, expected, events } = write;
    if (events.length === 0) return this.streamEnd(write);
    const { subject } = expected === 'no_stream' ? write : (this.subjects.get(name) ?? (await this.readSubject(name)) ?? write);
    const ends = this.streamEnds.get(name);
    const sent = ends?.own === expected ? ends.end : expected;
    const request = encodeAppend({ ...write, expected: sent }, subject, this.types, this.scope);
    const { inactivity } = this.connection;
    const answer = await this.connection.call(async (node) => parseAppendResponse(await node.appender.append(request, inactivity), name), 'append');
    if ('actual' in answer) return new RevisionConflict(name, expected, answer.actual);
    if (sent === 'no_stream') {
      const first = answer.revision - events.length + 1;
      if (first > 0) throw new TruncatedStream(name, first); // a deleted stream counts as missing, but its revisions continue
    }
    if (expected === 'no_stream') this.subjects.set(name, { subject });
    return { revision: answer.revision, position: answer.position ?? (await this.reader.positionOfRevision(name, answer.revision)) };
  }

  /** The result of an append without events, for which EventStoreDB would not check the revision. */
  private async streamEnd({ name, expected }: PreparedAppend): Promise<Written | RevisionConflict> {
    const last = await this.reader.last(name);
    const actual = last ? last.revision : 'no_stream';
    if (actual !== expected) return new RevisionConflict(name, expected, actual);
    return last ? { revision: last.revision, position: last.position } : { revision: -1, position: START };
  }

  private async readSubject(name: string): Promise<{ readonly subject: string | undefined } | undefined> {
    const first = await this.reader.first(name);
    if (!first) return undefined;
    const owner = { subject: first.subject };
    this.subjects.set(name, owner);
    return owner;
  }
}
