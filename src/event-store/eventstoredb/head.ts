import { type Position, type Recorded, START } from '../event.js';
import type { Connection } from './connection.js';
import { drain } from './flow.js';
import { placeOfSent, type Sent } from './recorded.js';
import { backwardsRequest, onTheServer, type Place } from './requests.js';
import type { Scope } from './scope.js';

/** The most events that one look back asks for. */
const LARGEST_LOOK = 2_000;
/** Events before a place among which its neighbour is looked for. */
const NEAR = 32;
/** Milliseconds in which the server must find an event of ours behind those of others. */
const SEARCH = 60_000;

/** Where the log ends for us: other programs may have written much after the last event of ours. */
export class Head {
  /** Up to this place in the server's log, `position` is the last of ours. */
  private known: { readonly place: bigint; readonly position: Position } | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly scope: Scope,
    private readonly decode: (event: Sent) => Recorded | undefined,
  ) {}

  /** The last event's position, START when there is none. */
  async now(): Promise<Position> {
    let newest: Place | undefined;
    let from: Place | 'end' = 'end';
    for (let count = 1; ; count = Math.min(count * 16, LARGEST_LOOK)) {
      const look = await this.look(from, count);
      newest ??= look.newest;
      if (newest && this.known && newest.commit < this.known.place) this.known = undefined; // the server holds an older copy
      if (look.found !== undefined || !look.next) return this.remember(newest, look.found ?? START);
      from = look.next;
      if (count === LARGEST_LOOK && !this.known) return this.remember(newest, await this.search(from));
    }
  }

  /** The position of the last event of ours before a place; undefined when it is not near. */
  async before(place: Place): Promise<Position | undefined> {
    return (await this.look(place, NEAR)).found;
  }

  private remember(newest: Place | undefined, position: Position): Position {
    if (newest && newest.commit >= (this.known?.place ?? 0n)) this.known = { place: newest.commit, position };
    return position;
  }

  /** The last event of ours among the `count` before a place, and where to go on when there is none. */
  private look(from: Place | 'end', count: number) {
    const { known } = this;
    return this.connection.call(async (node) => {
      let found: Position | undefined;
      let newest: Place | undefined;
      let next: Place | undefined;
      let seen = 0;
      await drain(node.read(backwardsRequest(from, count)), this.connection.silence, (message) => {
        const event = message.getEvent()?.getEvent();
        if (!event) return true;
        seen += 1;
        next = placeOfSent(event);
        newest ??= next;
        found = known && next.commit === known.place ? known.position : this.decode(event)?.position;
        return found === undefined;
      });
      return { found, newest, next: seen === count ? next : undefined };
    });
  }

  /** The same by the server itself, however far it is. */
  private search(from: Place): Promise<Position> {
    return this.connection.call(async (node) => {
      let found: Position | undefined;
      await drain(node.read(backwardsRequest(from, Number.MAX_SAFE_INTEGER, onTheServer(this.scope, undefined))), SEARCH, (message) => {
        const event = message.getEvent()?.getEvent();
        found = event && this.decode(event)?.position;
        return found === undefined;
      });
      return found ?? START;
    });
  }
}
