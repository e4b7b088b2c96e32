import { LogReplaced } from '../append.js';
import type { Position, Recorded } from '../event.js';
import { OlderCopy, Passing } from './faults.js';
import { drain } from './flow.js';
import type { Node } from './node.js';
import type { ReadReq } from './protocol.js';
import { placeOf, placeOfSent, type Sent } from './recorded.js';
import { backwardsRequest, forwardsRequest, streamRequest } from './requests.js';

/**
 * Whether a server holds the log that this process knows: it may have come back with an empty disk, a name may lead to another
 * one, or an older copy may have been restored. A log is told by the first event of one of its streams, which is never changed,
 * and by the newest event that was read of it, which an older copy does not have.
 */
export class OwnLog {
  private known: string | undefined;
  private newest: { readonly position: Position; readonly id: string } | undefined;

  /** @param stream as the server has it; undefined where logs are not told from one another */
  constructor(
    private readonly stream: string | undefined,
    private readonly decode: (event: Sent) => Recorded | undefined,
  ) {}

  /** What an event says; the newest is remembered. */
  readonly read = (event: Sent): Recorded | undefined => {
    const recorded = this.decode(event);
    if (recorded && (this.newest === undefined || recorded.position > this.newest.position)) this.newest = { position: recorded.position, id: recorded.id };
    return recorded;
  };

  /**
   * Looks at the log of a node, within `ms` of silence; the first that has an id is the own one.
   * @returns whether it has an id
   * @throws Passing when it is another log, for the server may be given the right one again; OlderCopy, LogReplaced, or what a
   * read throws
   */
  async isKnownOn(node: Node, ms: number): Promise<boolean> {
    const isKnown = this.stream === undefined || (await this.isNamedOn(node, this.stream, ms));
    if (this.newest) await this.assertHolds(node, this.newest, ms);
    return isKnown;
  }

  private async isNamedOn(node: Node, stream: string, ms: number): Promise<boolean> {
    const event = await lastSent(node, streamRequest(stream, { count: 1 }), ms);
    const first = event && this.decode(event);
    const found = first && String((first.data as { readonly id?: string }).id ?? first.id);
    if (this.known !== undefined && found !== this.known) {
      const said = found === undefined ? 'the log has no installation' : `the log is of installation ${found}`;
      throw new Passing(`${said}, but this process began with that of installation ${this.known}: it is another log`);
    }
    this.known = found;
    return found !== undefined;
  }

  /** @throws OlderCopy when the log ends before the event, LogReplaced when another one, or none, stands at its place */
  private async assertHolds(node: Node, { position, id }: { readonly position: Position; readonly id: string }, ms: number): Promise<void> {
    const place = placeOf(position);
    if (place === 'start' || (await eventAt(node, position, ms)) === id) return;
    const last = await lastSent(node, backwardsRequest('end', 1), ms);
    if (!last || placeOfSent(last).commit < place.commit) throw new OlderCopy(`the log ends before ${position}, up to where this process has read it`);
    throw new LogReplaced(`event ${id}, which this process has read at ${position}, is not there`);
  }
}

/** The id of the event that begins at a position. */
async function eventAt(node: Node, position: Position, ms: number): Promise<string | undefined> {
  try {
    return (await lastSent(node, forwardsRequest(placeOf(position), 1), ms))?.getId()?.getString();
  } catch (error) {
    if (error instanceof LogReplaced) return undefined; // none begins there
    throw error;
  }
}

async function lastSent(node: Node, request: ReadReq, ms: number): Promise<Sent | undefined> {
  let last: Sent | undefined;
  await drain(node.read(request), ms, (message) => {
    last = message.getEvent()?.getEvent() ?? last;
    return true;
  });
  return last;
}
