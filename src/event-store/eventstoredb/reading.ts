import { type AllStreamResolvedEvent, BACKWARDS, END, FORWARDS, type Position as Place, type ReadPosition, type RecordedEvent } from '@eventstore/db-client';
import { type Position, type Recorded, START } from '../event.js';
import type { Filter, Page } from '../event-store.js';
import type { EventTypes } from '../event-types.js';
import { type Connection, typeOf } from './connection.js';
import { drain } from './flow.js';
import { commitOf, decoder, isPosition, placeOf, positionOf } from './recorded.js';

/** Events that wait here while others are taken; more are not faster. */
const BUFFER = { highWaterMark: 256 };
/** Events that one call looks at when it has a filter, which reads of `$all` do not have on the server. */
const LOOKED_AT = 2_000;
/** Events by which it is told how many there are. */
const SAMPLE = 500;
/** The event at a position comes again, and one more tells whether that was the end. */
const BESIDES = 2;
const LEADER = { requiresLeader: true };

/** Reads the log; the server's own events, whose types begin with `$`, are passed over and their positions never told. */
export class Reading {
  private readonly decode: (event: RecordedEvent) => Recorded | undefined;

  constructor(
    readonly connection: Connection,
    types: EventTypes,
  ) {
    this.decode = decoder(types);
  }

  /** All events of a stream, none when there is no such stream. */
  stream(name: string): Promise<readonly Recorded[]> {
    return this.ofStream(name, { direction: FORWARDS });
  }

  async first(stream: string): Promise<Recorded | undefined> {
    return (await this.ofStream(stream, { direction: FORWARDS, maxCount: 1 }))[0];
  }

  async last(stream: string): Promise<Recorded | undefined> {
    return (await this.ofStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1 }))[0];
  }

  async positionIn(stream: string, revision: number): Promise<Position> {
    const [event] = await this.ofStream(stream, { direction: FORWARDS, fromRevision: BigInt(revision), maxCount: 1 });
    if (!event) throw new Error(`stream ${stream} has lost its event ${revision}`);
    return event.position;
  }

  wanted({ event }: AllStreamResolvedEvent, filter: Filter | undefined): Recorded | undefined {
    return event && passes(event, filter) ? this.decode(event) : undefined;
  }

  async read(after: Position, limit: number, filter: Filter | undefined): Promise<Page> {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new Error(`not a number of events: ${limit}`);
    let events: readonly Recorded[] = [];
    let position: Position | undefined;
    let looked = after;
    // the first window is enough but for a filter, and where the server's own events stand close
    for (let seen = 0, size = filter ? LOOKED_AT : limit; seen < Math.max(limit, LOOKED_AT); size = LOOKED_AT) {
      const window = await this.window(looked, limit - events.length, filter, size + BESIDES);
      events = events.length > 0 ? events.concat(window.events) : window.events;
      position = window.position ?? position;
      looked = window.looked;
      seen += size;
      if (window.isFull || window.end) return { events, position: position ?? after, end: window.end };
    }
    if (position !== undefined) return { events, position, end: false };
    // nothing but the server's own events: a position among them is told only when an event of ours stands beyond
    return (await this.head()) > looked ? { events, position: looked, end: false } : { events, position: after, end: true };
  }

  /** The event at just this position; the server calls a place at which no event begins an unknown fault. */
  async at(position: Position): Promise<Recorded | undefined> {
    if (!isPosition(position) || position > (await this.head())) return undefined;
    const fromPosition = placeOf(position);
    return this.connection.call(async (client) => {
      let found: Recorded | undefined;
      try {
        await drain<AllStreamResolvedEvent>(client.readAll({ ...LEADER, fromPosition, maxCount: 1 }), this.connection.silence, ({ event }) => {
          found = event && this.decode(event);
          return true;
        });
      } catch (error) {
        if (!isNoPlace(error)) throw error;
      }
      return found?.position === position ? found : undefined;
    });
  }

  async head(): Promise<Position> {
    let from: ReadPosition = END;
    for (let count = 1; ; count = Math.min(count * 16, LOOKED_AT)) {
      const { found, next } = await this.back(from, count);
      if (found !== undefined) return found;
      if (!next) return START;
      from = next;
    }
  }

  /** As many as there are in a sample, times as many bytes as there are; near the end, just so many. */
  async count(after: Position, upTo: Position): Promise<number> {
    if (upTo <= after) return 0;
    const { events, position } = await this.read(after, SAMPLE, undefined);
    const within = events.filter((event) => event.position <= upTo);
    if (position >= upTo || events.length === 0) return within.length;
    const bytes = (from: Position, to: Position) => Number(commitOf(to) - commitOf(from));
    return Math.round((events.length * bytes(after, upTo)) / bytes(after, position));
  }

  /** The position of the last event before a place; undefined when it is not near. */
  async before(place: Place): Promise<Position | undefined> {
    return (await this.back(place, 32)).found;
  }

  private ofStream(name: string, which: Omit<Parameters<Connection['client']['readStream']>[1] & object, 'requiresLeader'>): Promise<readonly Recorded[]> {
    return this.connection.call(async (client) => {
      const events: Recorded[] = [];
      try {
        await drain<{ event?: RecordedEvent }>(client.readStream(name, { ...LEADER, ...which }, BUFFER), this.connection.silence, ({ event }) => {
          const recorded = event && this.decode(event);
          if (recorded) events.push(recorded);
          return true;
        });
      } catch (error) {
        if (typeOf(error) !== 'stream-not-found') throw error;
      }
      return events;
    });
  }

  /** What stands after a position, up to `limit` events of ours among the next `maxCount` of any kind. */
  private window(after: Position, limit: number, filter: Filter | undefined, maxCount: number) {
    const fromPosition = placeOf(after);
    return this.connection.call(async (client) => {
      const events: Recorded[] = [];
      let last: Place | undefined;
      let position: Position | undefined;
      let count = 0;
      let isFull = false;
      await drain<AllStreamResolvedEvent>(client.readAll({ ...LEADER, fromPosition, maxCount }, BUFFER), this.connection.silence, ({ event }) => {
        count += 1;
        const recorded = event && this.decode(event);
        if (recorded && recorded.position > after) {
          isFull = events.length === limit;
          if (isFull) return false; // that there is one more is all that matters
          position = recorded.position;
          if (passes(recorded, filter)) events.push(recorded);
        }
        last = event?.position;
        return true;
      });
      return { events, position, looked: last ? positionOf(last) : after, isFull, end: !isFull && count < maxCount };
    });
  }

  /** The last event of ours among the `count` before a place, and where to go on when there is none. */
  private back(fromPosition: ReadPosition, maxCount: number) {
    return this.connection.call(async (client) => {
      let found: Position | undefined;
      let next: Place | undefined;
      let count = 0;
      const read = client.readAll({ ...LEADER, direction: BACKWARDS, fromPosition, maxCount });
      await drain<AllStreamResolvedEvent>(read, this.connection.silence, ({ event }) => {
        count += 1;
        next = event?.position;
        found = event && this.decode(event)?.position;
        return found === undefined;
      });
      return { found, next: count === maxCount ? next : undefined };
    });
  }
}

function passes(event: { readonly type: string; readonly stream: string } | RecordedEvent, filter: Filter | undefined): boolean {
  if (!filter) return true;
  if ('types' in filter) return filter.types.includes(event.type);
  if ('except' in filter) return !filter.except.includes(event.type);
  return ('streamId' in event ? event.streamId : event.stream).startsWith(filter.prefix);
}

function isNoPlace(error: unknown): boolean {
  return typeOf(error) === 'unknown' && /ReadAllResult|invalid ?position/i.test((error as Error).message);
}
