import { log } from '../../kernel/log.js';
import { LogReplaced, type Revision } from '../append.js';
import { type Position, type Recorded, START } from '../event.js';
import type { EventPage, Filter } from '../event-store.js';
import { matches } from '../filter.js';
import type { Connection } from './connection/connection.js';
import { AccessDenied, CallTimeout, PositionNotFound, TruncatedStream } from './errors.js';
import { commitOf, isPosition, isTruncation, ownStreamName, parsePosition, positionOfEvent, type ServerEvent } from './event-codec.js';
import { HeadFinder } from './head-finder.js';
import { forEachMessage } from './message-buffer.js';
import type { ReadReq } from './protocol.js';
import { eventAt } from './read-event.js';
import { forwardsRequest, type ServerPosition, serverFilter, streamRequest, subscriptionRequest } from './requests.js';
import type { Scope } from './scope.js';

/** The largest number of events that are counted, which takes about a tenth of a second. */
export const COUNT_LIMIT = 10_000;
/** A read includes the event at its start position, and one more event shows whether the end was reached. */
const EXTRA_EVENTS = 2;

/** The events of one of our streams. */
interface StreamHistory {
  readonly events: readonly Recorded[];
  /** Where the stream ends for the server: beyond our last event when another program has added a link. */
  readonly end: Revision;
}

/** Receives events of the log. */
interface EventVisitor {
  /** Called before the first event, and again when the events are repeated from the beginning. */
  restart(): void;
  /** Returns whether more events are wanted. */
  visit(event: ServerEvent): boolean;
}

/** Reads the log. Skips the server's own events, whose types begin with `$`, and those of other programs; their positions are never returned. */
export class LogReader {
  private readonly headFinder: HeadFinder;
  private hasWarned = false;

  constructor(
    readonly connection: Connection,
    readonly scope: Scope,
    private readonly decode: (event: ServerEvent) => Recorded | undefined,
  ) {
    this.headFinder = new HeadFinder(connection, scope, decode);
  }

  /**
   * All events of a stream, none when it does not exist. When it is not found its metadata are read too, because a soft-deleted stream
   * reads like one that never existed.
   * @throws TruncatedStream, StreamDeleted
   */
  async stream(name: string): Promise<StreamHistory> {
    const kept = this.scope.serverName(name);
    const { isThere, first, last, events } = await this.readStream(streamRequest(kept));
    if (isThere ? first !== 0 : await this.wasDeleted(kept)) throw new TruncatedStream(name, first);
    return { events, end: last ?? 'no_stream' };
  }

  async first(stream: string): Promise<Recorded | undefined> {
    const { events, last } = await this.readStream(streamRequest(this.scope.serverName(stream), { count: 1 }));
    return events[0] ?? (last !== undefined ? (await this.stream(stream)).events[0] : undefined);
  }

  async last(stream: string): Promise<Recorded | undefined> {
    const { events, last } = await this.readStream(streamRequest(this.scope.serverName(stream), { from: 'end', count: 1 }));
    return events[0] ?? (last !== undefined ? (await this.stream(stream)).events.at(-1) : undefined);
  }

  async positionOfRevision(stream: string, revision: number): Promise<Position> {
    const { events } = await this.readStream(streamRequest(this.scope.serverName(stream), { from: revision, count: 1 }));
    const [event] = events;
    if (!event) throw new Error(`stream ${stream} has lost its event ${revision}`);
    return event.position;
  }

  /** Decodes an event; undefined when the filter excludes it. */
  decodeMatching(event: ServerEvent, filter: Filter | undefined): Recorded | undefined {
    if (filter && 'types' in filter && !filter.types.includes(event.getMetadataMap().get('type') ?? '')) return undefined;
    const recorded = this.decode(event);
    return recorded && matches(recorded, filter) ? recorded : undefined;
  }

  async read(after: Position, limit: number, filter: Filter | undefined): Promise<EventPage> {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`not a number of events: ${limit}`);
    parsePosition(after); // throws for an invalid position
    const head = await this.head(); // before reading, so that everything up to it is covered
    if (head <= after) return { events: [], position: after, end: true };
    const found = await this.readMatching(after, limit, filter, head);
    const events = found.slice(0, limit);
    const last = events.at(-1)?.position ?? after;
    const position = events.length < limit && head > last ? head : last;
    return { events, position, end: position >= head };
  }

  /** The event at exactly this position. */
  async at(position: Position): Promise<Recorded | undefined> {
    if (!isPosition(position) || position > (await this.head())) return undefined;
    return this.connection.call(async (node) => {
      const sent = await eventAt(node, parsePosition(position), this.connection.inactivity);
      const found = sent && this.decode(sent);
      return found?.position === position ? found : undefined;
    });
  }

  /** The position of the last event, START when there is none. */
  head(): Promise<Position> {
    return this.headFinder.find();
  }

  /** The position of our event so many before another; START where there are fewer. */
  async positionBack(from: Position, events: number): Promise<Position> {
    const place = parsePosition(from);
    return place === 'start' ? START : this.headFinder.search(place, events);
  }

  /** The number of our events; COUNT_LIMIT when there are more. */
  async count(after: Position, upTo: Position): Promise<number> {
    const head = await this.head();
    if (after > head) throw new LogReplaced(`日志在位置 ${after} 之前就结束了`);
    const end = upTo < head ? upTo : head;
    if (end <= after) return 0;
    let events = 0;
    await this.visitEvents(after, COUNT_LIMIT, serverFilter(this.scope, undefined), end, {
      restart: () => {
        events = 0;
      },
      visit: (event) => {
        const position = positionOfEvent(event);
        if (position > end) return false;
        if (position > after && ownStreamName(event, this.scope) !== undefined) events += 1;
        return events < COUNT_LIMIT;
      },
    });
    return events;
  }

  /** The position of our last event before a position of the server; undefined when it is not near. */
  lastPositionBefore(place: ServerPosition): Promise<Position | undefined> {
    return this.headFinder.lastPositionBefore(place);
  }

  /** The matching events after a position: `limit` of them, or all up to `head`. */
  private async readMatching(after: Position, limit: number, filter: Filter | undefined, head: Position): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    await this.visitEvents(after, limit, serverFilter(this.scope, filter), head, {
      restart: () => {
        events.length = 0;
      },
      visit: (event) => {
        const recorded = positionOfEvent(event) > after && this.decodeMatching(event, filter);
        if (recorded) events.push(recorded);
        return events.length < limit;
      },
    });
    return events;
  }

  /**
   * Visits possibly matching events from a position on, in order, until the visitor wants no more or `end` is reached.
   * @throws LogReplaced when no event begins at the position
   */
  private visitEvents(after: Position, limit: number, sieve: ReadReq.Options.FilterOptions, end: Position, viewer: EventVisitor): Promise<void> {
    const from = parsePosition(after);
    let wasSilent = false;
    return this.connection.call(async (node) => {
      const count = limit + EXTRA_EVENTS;
      let asked = node;
      let seen = 0;
      let isWanted = true;
      const show = (event: ServerEvent | undefined) => {
        if (event) {
          seen += 1;
          isWanted = viewer.visit(event);
        }
        return isWanted;
      };
      viewer.restart();
      try {
        if (!wasSilent) {
          await forEachMessage(node.read(forwardsRequest(from, count, sieve)), this.connection.inactivity, (message) => show(message.getEvent()?.getEvent()));
          if (!isWanted || seen < count) return;
        }
      } catch (error) {
        if (error instanceof PositionNotFound && !(await eventAt(node, from, this.connection.inactivity))) throw new LogReplaced(`位置 ${after} 没有事件`);
        if (!(error instanceof CallTimeout)) throw error;
        wasSilent = true;
        asked = await this.connection.reconnectAfterTimeout(node);
      }
      // the server sends many unwanted events, or nothing for long while it searches; a subscription reports its progress
      viewer.restart();
      const last = commitOf(end);
      await forEachMessage(asked.read(subscriptionRequest(from, sieve)), this.connection.inactivity, (message) => {
        const event = message.getEvent()?.getEvent();
        const checkpoint = message.getCheckpoint();
        const isBeyond = message.hasCaughtUp() || (checkpoint !== undefined && BigInt(checkpoint.getCommitPosition()) > last);
        return show(event) && !isBeyond && !(event && positionOfEvent(event) >= end);
      });
    });
  }

  /** Whether the metadata of a stream that was not found say that its events were deleted. */
  private wasDeleted(kept: string): Promise<boolean> {
    return this.connection.call(async (node) => {
      let isDeleted = false;
      try {
        await forEachMessage(node.read(streamRequest(`$$${kept}`, { from: 'end', count: 1 })), this.connection.inactivity, (message) => {
          const event = message.getEvent()?.getEvent();
          if (event) isDeleted = isTruncation(event);
          return true;
        });
      } catch (error) {
        if (!(error instanceof AccessDenied)) throw error;
        if (!this.hasWarned) log.warn('the user of EventStoreDB may not read the metadata of streams ($mr): one that was deleted reads as one that never was');
        this.hasWarned = true;
      }
      return isDeleted;
    });
  }

  /** Reads a part of a stream: our events, and the revisions of the first and the last event that was read. */
  private readStream(request: ReadReq) {
    return this.connection.call(async (node) => {
      const events: Recorded[] = [];
      let first: number | undefined;
      let last: number | undefined;
      let isThere = true;
      await forEachMessage(node.read(request), this.connection.inactivity, (message) => {
        if (message.hasStreamNotFound()) isThere = false;
        const event = message.getEvent()?.getEvent();
        if (!event) return true;
        last = Number(event.getStreamRevision());
        first ??= last;
        const recorded = this.decode(event);
        if (recorded) events.push(recorded);
        return true;
      });
      return { isThere, first, last, events };
    });
  }
}
