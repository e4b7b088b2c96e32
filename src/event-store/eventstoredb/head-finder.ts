import { type Position, type Recorded, START } from '../event.js';
import type { Connection } from './connection/connection.js';
import { type ServerEvent, serverPositionOf } from './event-codec.js';
import { forEachMessage } from './message-buffer.js';
import { backwardsRequest, type ServerPosition, serverFilter } from './requests.js';
import type { Scope } from './scope.js';

/** The most events that one look back reads. */
const MAX_LOOK_BACK = 2_000;
/** Events before a position among which the last of ours is looked for. */
const NEAR = 32;
/** Milliseconds in which the server must find one of our events behind those of other programs. */
const SEARCH_TIMEOUT = 60_000;

/** Finds the last of our events, after which other programs may have written much. */
export class HeadFinder {
  /** Up to `place` in the server's log, `position` is the last of ours. */
  private cached: { readonly place: bigint; readonly position: Position } | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly scope: Scope,
    private readonly decode: (event: ServerEvent) => Recorded | undefined,
  ) {}

  /** The position of our last event, START when there is none. */
  async find(): Promise<Position> {
    let newest: ServerPosition | undefined;
    let from: ServerPosition | 'end' = 'end';
    for (let count = 1; ; count = Math.min(count * 16, MAX_LOOK_BACK)) {
      const look = await this.lookBack(from, count);
      newest ??= look.newest;
      if (newest && this.cached && newest.commit < this.cached.place) this.cached = undefined; // the server holds an older copy
      if (look.found !== undefined || !look.next) return this.cache(newest, look.found ?? START);
      from = look.next;
      if (count === MAX_LOOK_BACK && !this.cached) return this.cache(newest, await this.search(from));
    }
  }

  /** The position of our last event before a position of the server; undefined when it is not near. */
  async lastPositionBefore(place: ServerPosition): Promise<Position | undefined> {
    return (await this.lookBack(place, NEAR)).found;
  }

  private cache(newest: ServerPosition | undefined, position: Position): Position {
    if (newest && newest.commit >= (this.cached?.place ?? 0n)) this.cached = { place: newest.commit, position };
    return position;
  }

  /** Our last event among the `count` events before a position, and where to continue when there is none. */
  private lookBack(from: ServerPosition | 'end', count: number) {
    const { cached } = this;
    return this.connection.call(async (node) => {
      let found: Position | undefined;
      let newest: ServerPosition | undefined;
      let next: ServerPosition | undefined;
      let seen = 0;
      await forEachMessage(node.read(backwardsRequest(from, count)), this.connection.inactivity, (message) => {
        const event = message.getEvent()?.getEvent();
        if (!event) return true;
        seen += 1;
        next = serverPositionOf(event);
        newest ??= next;
        found = cached && next.commit === cached.place ? cached.position : this.decode(event)?.position;
        return found === undefined;
      });
      return { found, newest, next: seen === count ? next : undefined };
    });
  }

  /** Lets the server search for our last event before a position, or for an earlier one, however far back it is. @param events how many back, from 1 */
  search(from: ServerPosition, events = 1): Promise<Position> {
    return this.connection.call(async (node) => {
      let found: Position | undefined;
      let left = events;
      await forEachMessage(node.read(backwardsRequest(from, Number.MAX_SAFE_INTEGER, serverFilter(this.scope, undefined))), SEARCH_TIMEOUT, (message) => {
        const event = message.getEvent()?.getEvent();
        const position = event && this.decode(event)?.position;
        if (position !== undefined && --left === 0) found = position;
        return found === undefined;
      });
      return found ?? START;
    });
  }
}
