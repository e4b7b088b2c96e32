import { LogReplaced } from '../../append.js';
import type { Position, Recorded } from '../../event.js';
import { TransientError } from '../errors.js';
import { commitOf, parsePosition, type ServerEvent, serverPositionOf } from '../event-codec.js';
import { eventAt, lastEventOf } from '../read-event.js';
import { backwardsRequest, streamRequest } from '../requests.js';
import type { Node } from './node.js';
import { STALE_LOG_TIMEOUT } from './timeouts.js';

/**
 * Checks whether a server holds the log that this process knows. It may have lost its disk, its name may lead to another server, or an
 * older copy may have been restored. A log is identified by the first event of one stream, which never changes, and by the newest event
 * that was read, which an older copy lacks.
 */
export class LogIdentity {
  private knownId: string | undefined;
  private newest: { readonly position: Position; readonly id: string } | undefined;

  /** The end of a log that ends before the newest known event, and since when it has been there. */
  private lag: { readonly end: bigint; readonly since: number } | undefined;

  /**
   * @param stream by the server's name; undefined when logs are not identified
   * @param staleLogTimeout milliseconds after which a log that ends too early and does not grow is an older copy
   */
  constructor(
    private readonly stream: string | undefined,
    private readonly decode: (event: ServerEvent) => Recorded | undefined,
    private readonly staleLogTimeout = STALE_LOG_TIMEOUT,
  ) {}

  /** Decodes an event and remembers the newest. */
  readonly observe = (event: ServerEvent): Recorded | undefined => {
    const recorded = this.decode(event);
    if (recorded && (this.newest === undefined || recorded.position > this.newest.position)) this.newest = { position: recorded.position, id: recorded.id };
    return recorded;
  };

  /**
   * Checks a node's log; the first id found becomes the known one.
   * @param ms how long the server may send nothing
   * @returns whether the log has an id
   * @throws TransientError when it is another log, since the server may get the right one again, or ends too early; LogReplaced, or what
   * a read throws
   */
  async verify(node: Node, ms: number): Promise<boolean> {
    const isKnown = this.stream === undefined || (await this.verifyId(node, this.stream, ms));
    if (this.newest) await this.assertHolds(node, this.newest, ms);
    return isKnown;
  }

  private async verifyId(node: Node, stream: string, ms: number): Promise<boolean> {
    const event = await lastEventOf(node, streamRequest(stream, { count: 1 }), ms);
    const first = event && this.decode(event);
    const found = first && String((first.data as { readonly id?: string }).id ?? first.id);
    if (this.knownId !== undefined && found !== this.knownId) {
      const said = found === undefined ? '日志没有记录安装' : `日志属于安装 ${found}`;
      throw new TransientError(`${said}，而这个程序启动时的日志属于安装 ${this.knownId}：是另一份日志`);
    }
    this.knownId = found;
    return found !== undefined;
  }

  /**
   * @throws TransientError when the log ends before the event, since the node may not have caught up; LogReplaced when it stays so, or
   * when another event or none is at that position
   */
  private async assertHolds(node: Node, { position, id }: { readonly position: Position; readonly id: string }, ms: number): Promise<void> {
    const end = await this.endOf(node, ms);
    if (end < commitOf(position)) this.assertCatchesUp(end, position);
    else {
      this.lag = undefined;
      const found = (await eventAt(node, parsePosition(position), ms))?.getId()?.getString();
      if (found !== id) throw new LogReplaced(`事件 ${id} 不在位置 ${position}，而这个程序在那里读到过`);
    }
  }

  private async endOf(node: Node, ms: number): Promise<bigint> {
    const last = await lastEventOf(node, backwardsRequest('end', 1), ms);
    return last ? serverPositionOf(last).commit : -1n;
  }

  private assertCatchesUp(end: bigint, position: Position): never {
    const now = performance.now();
    if (this.lag?.end !== end) this.lag = { end, since: now };
    const ends = `日志在位置 ${position} 之前就结束了，而这个程序读到过那里`;
    const seconds = Math.round((now - this.lag.since) / 1_000);
    if (now - this.lag.since >= this.staleLogTimeout) throw new LogReplaced(`${ends}，并且 ${seconds} 秒没有增长`);
    throw new TransientError(`${ends}：这个节点还没有跟上，或者是较旧的副本`);
  }
}
