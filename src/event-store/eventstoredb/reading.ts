import { log } from '../../kernel/log.js';
import { LogReplaced, type Revision } from '../append.js';
import type { Position, Recorded } from '../event.js';
import type { Filter, Page } from '../event-store.js';
import type { Connection } from './connection.js';
import { AccessDenied, NoAnswer, NoPlace, TruncatedStream } from './faults.js';
import { drain } from './flow.js';
import { Head } from './head.js';
import type { ReadReq } from './protocol.js';
import { commitOf, isPosition, isTruncation, ownStreamOf, placeOf, positionOfSent, type Sent } from './recorded.js';
import { forwardsRequest, onTheServer, type Place, streamRequest, subscriptionRequest } from './requests.js';
import type { Scope } from './scope.js';
import { sentAt } from './sent-at.js';

/** So many events are counted one by one, in about a tenth of a second. */
export const COUNTED = 10_000;
/** The event at a position comes again, and one more tells whether that was the end. */
const BESIDES = 2;

/** What a stream of ours holds. */
interface History {
  readonly events: readonly Recorded[];
  /** Where it ends for the server: beyond the last of ours, when somebody has put a link there. */
  readonly end: Revision;
}

/** Who is shown events of the log. */
interface Viewer {
  /** It begins, or begins anew: what was shown before is shown again. */
  begin(): void;
  /** Whether more is wanted. */
  take(event: Sent): boolean;
}

/**
 * Reads the log. The server's own events, whose types begin with `$`, and those of other programs are passed over, and their
 * positions never told.
 */
export class Reading {
  private readonly lastOf: Head;
  private hasWarned = false;

  constructor(
    readonly connection: Connection,
    readonly scope: Scope,
    private readonly decode: (event: Sent) => Recorded | undefined,
  ) {
    this.lastOf = new Head(connection, scope, decode);
  }

  /**
   * All events of a stream, none when there is no such stream. A stream that is not found is looked for by its metadata too: one
   * that was deleted, not for good, reads as one that never was.
   * @throws TruncatedStream, StreamDeleted
   */
  async stream(name: string): Promise<History> {
    const kept = this.scope.kept(name);
    const { isThere, first, last, events } = await this.all(streamRequest(kept));
    if (isThere ? first !== 0 : await this.wasDeleted(kept)) throw new TruncatedStream(name, first);
    return { events, end: last ?? 'no_stream' };
  }

  async first(stream: string): Promise<Recorded | undefined> {
    const { events, last } = await this.all(streamRequest(this.scope.kept(stream), { count: 1 }));
    return events[0] ?? (last !== undefined ? (await this.stream(stream)).events[0] : undefined);
  }

  async last(stream: string): Promise<Recorded | undefined> {
    const { events, last } = await this.all(streamRequest(this.scope.kept(stream), { from: 'end', count: 1 }));
    return events[0] ?? (last !== undefined ? (await this.stream(stream)).events.at(-1) : undefined);
  }

  async positionIn(stream: string, revision: number): Promise<Position> {
    const { events } = await this.all(streamRequest(this.scope.kept(stream), { from: revision, count: 1 }));
    const [event] = events;
    if (!event) throw new Error(`stream ${stream} has lost its event ${revision}`);
    return event.position;
  }

  /** What an event says, when the filter lets it through. */
  wanted(event: Sent, filter: Filter | undefined): Recorded | undefined {
    if (filter && 'types' in filter && !filter.types.includes(event.getMetadataMap().get('type') ?? '')) return undefined;
    const recorded = this.decode(event);
    return recorded && passes(recorded, filter) ? recorded : undefined;
  }

  async read(after: Position, limit: number, filter: Filter | undefined): Promise<Page> {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`not a number of events: ${limit}`);
    placeOf(after); // which throws for what is no position
    const head = await this.head(); // before it is read: all up to there will have been looked at
    if (head <= after) return { events: [], position: after, end: true };
    const found = await this.readNow(after, limit, filter, head);
    const events = found.slice(0, limit);
    const last = events.at(-1)?.position ?? after;
    const position = events.length < limit && head > last ? head : last;
    return { events, position, end: position >= head };
  }

  /** The event at just this position. */
  async at(position: Position): Promise<Recorded | undefined> {
    if (!isPosition(position) || position > (await this.head())) return undefined;
    return this.connection.call(async (node) => {
      const sent = await sentAt(node, placeOf(position), this.connection.silence);
      const found = sent && this.decode(sent);
      return found?.position === position ? found : undefined;
    });
  }

  /** The last event's position, START when there is none. */
  head(): Promise<Position> {
    return this.lastOf.now();
  }

  /** How many of ours there are; COUNTED also where there are more. */
  async count(after: Position, upTo: Position): Promise<number> {
    const head = await this.head();
    if (after > head) throw new LogReplaced(`the log ends before ${after}`);
    const end = upTo < head ? upTo : head;
    if (end <= after) return 0;
    let events = 0;
    await this.view(after, COUNTED, onTheServer(this.scope, undefined), end, {
      begin: () => {
        events = 0;
      },
      take: (event) => {
        const position = positionOfSent(event);
        if (position > end) return false;
        if (position > after && ownStreamOf(event, this.scope) !== undefined) events += 1;
        return events < COUNTED;
      },
    });
    return events;
  }

  /** The position of the last event before a place; undefined when it is not near. */
  before(place: Place): Promise<Position | undefined> {
    return this.lastOf.before(place);
  }

  /** What is wanted after a position: `limit` events, or all that there are up to the head. */
  private async readNow(after: Position, limit: number, filter: Filter | undefined, head: Position): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    await this.view(after, limit, onTheServer(this.scope, filter), head, {
      begin: () => {
        events.length = 0;
      },
      take: (event) => {
        const recorded = positionOfSent(event) > after && this.wanted(event, filter);
        if (recorded) events.push(recorded);
        return events.length < limit;
      },
    });
    return events;
  }

  /**
   * Shows what stands in the log from a position on and may be wanted, in order, until no more is wanted or all up to `end` was shown.
   * @throws LogReplaced when no event begins at the position
   */
  private view(after: Position, limit: number, sieve: ReadReq.Options.FilterOptions, end: Position, viewer: Viewer): Promise<void> {
    const from = placeOf(after);
    let wasSilent = false;
    return this.connection.call(async (node) => {
      const count = limit + BESIDES;
      let asked = node;
      let seen = 0;
      let isWanted = true;
      const show = (event: Sent | undefined) => {
        if (event) {
          seen += 1;
          isWanted = viewer.take(event);
        }
        return isWanted;
      };
      viewer.begin();
      try {
        if (!wasSilent) {
          await drain(node.read(forwardsRequest(from, count, sieve)), this.connection.silence, (message) => show(message.getEvent()?.getEvent()));
          if (!isWanted || seen < count) return;
        }
      } catch (error) {
        if (error instanceof NoPlace && !(await sentAt(node, from, this.connection.silence))) throw new LogReplaced(`no event begins at ${after}`);
        if (!(error instanceof NoAnswer)) throw error;
        wasSilent = true;
        asked = await this.connection.afterSilence(node);
      }
      // the server sends much that is not wanted, or nothing for long; a subscription says how far it has come
      viewer.begin();
      const last = commitOf(end);
      await drain(asked.read(subscriptionRequest(from, sieve)), this.connection.silence, (message) => {
        const event = message.getEvent()?.getEvent();
        const checkpoint = message.getCheckpoint();
        const isBeyond = message.hasCaughtUp() || (checkpoint !== undefined && BigInt(checkpoint.getCommitPosition()) > last);
        return show(event) && !isBeyond && !(event && positionOfSent(event) >= end);
      });
    });
  }

  /** Whether the metadata of a stream that is not found says that events of it were deleted. */
  private wasDeleted(kept: string): Promise<boolean> {
    return this.connection.call(async (node) => {
      let isDeleted = false;
      try {
        await drain(node.read(streamRequest(`$$${kept}`, { from: 'end', count: 1 })), this.connection.silence, (message) => {
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

  /** What there is of a stream: the numbers of the first and the last event that can be read, in the order asked for, and what those of ours say. */
  private all(request: ReadReq) {
    return this.connection.call(async (node) => {
      const events: Recorded[] = [];
      let first: number | undefined;
      let last: number | undefined;
      let isThere = true;
      await drain(node.read(request), this.connection.silence, (message) => {
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

function passes({ type, stream }: Recorded, filter: Filter | undefined): boolean {
  if (!filter) return true;
  if ('types' in filter) return filter.types.includes(type);
  if ('except' in filter) return !filter.except.includes(type);
  return stream.startsWith(filter.prefix);
}
