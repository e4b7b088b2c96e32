import { inParallel } from '../../kernel/in-parallel.js';
import { log } from '../../kernel/log.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { type Append, LogRefused, LostRace, type Revision, type Written } from '../append.js';
import { type Position, type Recorded, START } from '../event.js';
import { EventStore, type Filter, type Page } from '../event-store.js';
import type { EventTypes } from '../event-types.js';
import { inTime } from '../waiting-time.js';
import { answered } from './answers.js';
import { Connection, type Patience } from './connection.js';
import { elsewhere } from './elsewhere.js';
import { isPassing, TruncatedStream } from './faults.js';
import { OwnLog } from './own-log.js';
import { COUNTED, Reading } from './reading.js';
import { checked, commitOf, decoder, encoded, type Write } from './recorded.js';
import { Scope } from './scope.js';
import { Subscription } from './subscription.js';
import type { EventStoreAddress } from './url.js';

export interface EventStoreDBOptions extends Patience {
  /** Milliseconds of silence after which a subscription looks whether there is more in the log. Default 200. */
  readonly idle?: number;
  /** Which streams are the centre's. Default all. */
  readonly scope?: Scope;
  /** The stream whose first event tells this log from all others; unset, whatever the server holds is taken for it. */
  readonly mark?: string;
  /** Milliseconds after which a log that ends before what was read of it, and does not grow, is called an older copy. Default a minute. */
  readonly standstill?: number;
}

/** Streams that are read or written at a time, out of all that one call asks for. */
const PARALLEL = 32;
/** An event of ours with its record, about. */
const BYTES_OF_EVENT = 500;
/** Some 10 MB. */
const REMEMBERED = 50_000;

/** The log in EventStoreDB 22.10 or newer (ADR 0008). Its traps are handled in this folder and nowhere else. */
export class EventStoreDBEventStore extends EventStore {
  override readonly readsAreCalls = true;
  override readonly mostCounted = COUNTED;
  /** A server that was frozen may take up what was sent to it before. */
  override readonly isSettledWhenFailed = false;
  private readonly connection: Connection;
  private readonly reading: Reading;
  private readonly idle: number;
  private readonly scope: Scope;
  private readonly appending = new Set<Promise<unknown>>();
  /** Whose a stream is never changes. */
  private readonly owners = lruCache<{ readonly subject: string | undefined }>(REMEMBERED);
  /** Streams of ours that end with what is passed over, such as links: where they end for us, and for the server. */
  private readonly ends = lruCache<{ readonly own: Revision; readonly end: Revision }>(REMEMBERED);
  private closing: Promise<void> | undefined;

  /**
   * Connects by itself: when no node can be reached it says so in the log and goes on trying, while calls are StoreUnavailable.
   * @param streamsOf names the streams of a candidate in the log up to a position, for which EventStoreDB has no index
   */
  constructor(
    address: EventStoreAddress,
    private readonly types: EventTypes,
    private readonly streamsOf: (subject: string, upTo: Position) => Promise<readonly string[]>,
    { idle = 200, scope = new Scope(), mark, standstill, ...patience }: EventStoreDBOptions = {},
  ) {
    super();
    this.scope = scope;
    this.idle = idle;
    const ownLog = new OwnLog(mark && scope.kept(mark), decoder(types, scope), standstill);
    this.connection = new Connection(address, ownLog, patience);
    this.reading = new Reading(this.connection, scope, ownLog.read);
    void this.reach();
  }

  async append(appends: readonly Append[]): Promise<readonly (Written | LostRace)[]> {
    this.assertOpen();
    const writes = appends.map((append) => checked(append, this.types, this.scope));
    const appending = this.write(writes);
    this.appending.add(appending);
    try {
      return await appending;
    } finally {
      this.appending.delete(appending);
    }
  }

  streams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    return this.asked(() => this.readStreams(names));
  }

  subject(id: string): Promise<readonly Recorded[]> {
    return this.asked(async () => {
      const events = (await this.readStreams(await this.streamsOf(id, await this.reading.head()))).flat();
      return events.filter(({ subject }) => subject === id).sort((one, other) => (one.position < other.position ? -1 : 1));
    });
  }

  read(after: Position, limit: number, filter?: Filter): Promise<Page> {
    return this.asked(() => this.reading.read(after, limit, filter));
  }

  at(position: Position): Promise<Recorded | undefined> {
    return this.asked(() => this.reading.at(position));
  }

  head(): Promise<Position> {
    return this.asked(() => this.reading.head());
  }

  count(after: Position, upTo: Position): Promise<number> {
    return this.asked(() => this.reading.count(after, upTo));
  }

  /** By the server's bytes, for which nobody need be asked. */
  extent(after: Position, upTo: Position): number {
    return Math.max(0, Number(commitOf(upTo) - commitOf(after)) / BYTES_OF_EVENT);
  }

  override elsewhere(type: string): Promise<readonly Recorded[]> {
    return this.asked(() => elsewhere(this.connection, this.scope, this.types, type));
  }

  async subscribe(after: Position, filter: Filter | undefined, handle: (page: Page) => Promise<void>, signal: AbortSignal): Promise<void> {
    this.assertOpen();
    await new Subscription(this.reading, after, filter, signal, this.idle).run(handle);
  }

  /** Reaches the server, or says why that cannot be done. @throws LogRefused */
  async reached(): Promise<void> {
    try {
      await this.reading.head();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || error instanceof LogRefused) throw error;
      throw new LogRefused(await this.connection.why(error.cause), { cause: error });
    }
  }

  /** Appends that came before are done first. */
  close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.appending).then(() => this.connection.close());
    return this.closing;
  }

  /** So that it is known from the start when there is nobody at the address. */
  private async reach(): Promise<void> {
    for (let tries = 1; !this.connection.closed.aborted; tries++) {
      try {
        await this.reading.head();
        return;
      } catch (error) {
        if (this.connection.closed.aborted) return;
        if (!isPassing(error)) log.error({ err: error }, 'EventStoreDB cannot be read');
        await this.connection.pause(tries);
      }
    }
  }

  /** What is asked for, also by a request that waits for so long at most. */
  private async asked<T>(work: () => Promise<T>): Promise<T> {
    this.assertOpen();
    return inTime(work());
  }

  private async readStreams(names: readonly string[]): Promise<readonly (readonly Recorded[])[]> {
    const distinct = [...new Set(names)];
    const read = await inParallel(distinct, PARALLEL, async (name) => {
      const { events, end } = await this.reading.stream(name);
      const own = events.at(-1)?.revision ?? 'no_stream';
      if (own === end) this.ends.delete(name);
      else this.ends.set(name, { own, end });
      if (events[0]) this.owners.set(name, { subject: events[0].subject });
      return events;
    });
    const byName = new Map(distinct.map((name, at) => [name, read[at] ?? []]));
    return names.map((name) => byName.get(name) ?? []);
  }

  private assertOpen(): void {
    if (this.closing) throw new Error('the event store is closed');
  }

  /** Those to one stream one after another, for each may build on the one before. */
  private async write(writes: readonly Write[]): Promise<readonly (Written | LostRace)[]> {
    const [only] = writes;
    if (only && writes.length === 1) {
      await this.assertOwned(writes);
      return [await this.writeOne(only)];
    }
    const byStream = [...Map.groupBy(writes, ({ name }) => name).values()];
    await inParallel(byStream, PARALLEL, (toOne) => this.assertOwned(toOne));
    const answers = new Map<Write, Written | LostRace>();
    await inParallel(byStream, PARALLEL, async (toOne) => {
      for (const write of toOne) answers.set(write, await this.writeOne(write));
    });
    return writes.map((write) => answers.get(write) as Written | LostRace);
  }

  private async assertOwned(toOne: readonly Write[]): Promise<void> {
    let owner: { readonly subject: string | undefined } | undefined;
    for (const { name, subject, expected, events } of toOne) {
      if (events.length === 0) continue;
      owner ??= expected === 'no_stream' ? { subject } : (this.owners.get(name) ?? (await this.readOwner(name)));
      if (owner && subject !== undefined && owner.subject !== subject) throw new Error(`stream ${name} is of another subject`);
    }
  }

  /**
   * Once, whatever happens on the way: until the outcome is known it is sent again with the same ids and revision, and the
   * server answers one that it has done already with the first result.
   */
  private async writeOne(write: Write): Promise<Written | LostRace> {
    const { name, expected, events } = write;
    if (events.length === 0) return this.ending(write);
    const { subject } = expected === 'no_stream' ? write : (this.owners.get(name) ?? (await this.readOwner(name)) ?? write);
    const ends = this.ends.get(name);
    const sent = ends?.own === expected ? ends.end : expected;
    const request = encoded({ ...write, expected: sent }, subject, this.types, this.scope);
    const { silence } = this.connection;
    const answer = await this.connection.call(async (node) => answered(await node.appending.append(request, silence), name), 'append');
    if ('actual' in answer) return new LostRace(name, expected, answer.actual);
    if (sent === 'no_stream') {
      const first = answer.revision - events.length + 1;
      if (first > 0) throw new TruncatedStream(name, first); // one that was deleted counts as none, and goes on where it ended
    }
    if (expected === 'no_stream') this.owners.set(name, { subject });
    return { revision: answer.revision, position: answer.position ?? (await this.reading.positionIn(name, answer.revision)) };
  }

  /** What no events come to: EventStoreDB would not look at the revision. */
  private async ending({ name, expected }: Write): Promise<Written | LostRace> {
    const last = await this.reading.last(name);
    const actual = last ? last.revision : 'no_stream';
    if (actual !== expected) return new LostRace(name, expected, actual);
    return last ? { revision: last.revision, position: last.position } : { revision: -1, position: START };
  }

  private async readOwner(name: string): Promise<{ readonly subject: string | undefined } | undefined> {
    const first = await this.reading.first(name);
    if (!first) return undefined;
    const owner = { subject: first.subject };
    this.owners.set(name, owner);
    return owner;
  }
}
