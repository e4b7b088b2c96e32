import { log } from '../../kernel/log.js';
import { LogReplaced } from '../append.js';
import { type Position, type Recorded, START } from '../event.js';
import type { EventPage, Filter } from '../event-store.js';
import type { Connection } from './connection/connection.js';
import type { Node } from './connection/node.js';
import { describeError, isSlowConsumer, isTransient } from './errors.js';
import { parsePosition, type ServerEvent } from './event-codec.js';
import { MessageBuffer } from './message-buffer.js';
import type { ReadResp } from './protocol.js';
import { type ServerPosition, serverFilter, subscriptionRequest } from './requests.js';
import type { Scope } from './scope.js';

/** What a subscription needs of the log. */
export interface SubscriptionSource {
  readonly connection: Connection;
  readonly scope: Scope;
  /** Decodes an event; undefined when the filter excludes it. */
  decodeMatching(event: ServerEvent, filter: Filter | undefined): Recorded | undefined;
  read(after: Position, limit: number, filter: Filter | undefined): Promise<EventPage>;
  at(position: Position): Promise<Recorded | undefined>;
  head(): Promise<Position>;
  /** The position of our last event before a position of the server; undefined when it is not near. */
  lastPositionBefore(place: ServerPosition): Promise<Position | undefined>;
}

/** Events per page. */
const PAGE = 1_000;

/**
 * Follows the log from a position. When the server's subscription breaks, it continues after the last page; when the subscription is
 * silent, it reads the log itself. EventStoreDB reports neither the end of the log nor its progress while nothing matches the filter,
 * and a lost subscription may be silent too.
 */
export class Subscription {
  private buffer: MessageBuffer | undefined;
  private node: Node | undefined;
  private checkpoint: ServerPosition | undefined;
  /** The head when it was last read. */
  private head: Position = START;
  /** Whether the last page reported the end. */
  private endReported = false;
  private failures = 0;
  private lastReason = '';
  private silentSince = 0;
  private readonly ended: AbortSignal;

  /** @param idle milliseconds of silence after which the log itself is read */
  constructor(
    private readonly store: SubscriptionSource,
    private reached: Position,
    private readonly filter: Filter | undefined,
    private readonly signal: AbortSignal,
    private readonly idle: number,
  ) {
    this.ended = AbortSignal.any([signal, store.connection.closed]);
  }

  /** Runs until the signal; throws the error of `handle`, or when the store is closed. */
  async run(handle: (page: EventPage) => Promise<void>): Promise<void> {
    try {
      for (let page = await this.next(); page; page = await this.next()) {
        await handle(page);
        this.reached = page.position;
        this.endReported = page.end;
      }
    } finally {
      this.disconnect();
    }
  }

  private async next(): Promise<EventPage | undefined> {
    while (!this.signal.aborted) {
      this.store.connection.assertOpen();
      try {
        const page = await this.collect();
        if (page && !this.signal.aborted) return page;
      } catch (error) {
        if (this.signal.aborted) return undefined;
        this.store.connection.assertOpen();
        if (!isTransient(error)) throw error;
        await this.recover(error);
      }
    }
    return undefined;
  }

  /** The next page; undefined when there is nothing to report yet. */
  private async collect(): Promise<EventPage | undefined> {
    if (this.node?.retired.aborted) this.disconnect(); // the leader has changed
    this.buffer ??= await this.open();
    const { buffer } = this;
    const events = await this.collectEvents(buffer);
    const last = events.at(-1)?.position ?? this.reached;
    if (events.length === PAGE) return { events, position: last, end: false };
    const position = await this.checkpointPosition(last);
    const isNews = events.length > 0 || position > this.reached;
    if (isNews || !this.endReported) {
      if (position >= this.head) this.head = await this.store.head();
      const end = position >= this.head;
      if (isNews || end) return { events, position, end };
    }
    return this.checkLog(await buffer.wait());
  }

  /** The buffered events. Far from the end it waits for full pages, which are cheaper to process. */
  private async collectEvents(flow: MessageBuffer): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    do this.take(flow, events);
    while (this.isFarFromEnd(events) && (await flow.wait()) === 'more');
    return events;
  }

  private take(flow: MessageBuffer, events: Recorded[]): void {
    while (events.length < PAGE) {
      const message = flow.next();
      if (!message) break;
      this.silentSince = performance.now();
      const event = this.decodeMessage(message);
      if (event && event.position > this.reached) events.push(event);
    }
    if (events.length > 0) this.failures = 0;
  }

  private decodeMessage(message: ReadResp): Recorded | undefined {
    const checkpoint = message.getCheckpoint();
    if (checkpoint) this.checkpoint = { commit: BigInt(checkpoint.getCommitPosition()), prepare: BigInt(checkpoint.getPreparePosition()) };
    const event = message.getEvent()?.getEvent();
    return event && this.store.decodeMatching(event, this.filter);
  }

  private isFarFromEnd(events: readonly Recorded[]): boolean {
    const last = events.at(-1);
    return last !== undefined && events.length < PAGE && last.position < this.head;
  }

  /**
   * The position of the last checkpoint, by which all earlier events were received. The checkpoint may be where the next event will be,
   * so the last event before it is taken. When that event may not be visible to others yet, the position stays.
   */
  private async checkpointPosition(last: Position): Promise<Position> {
    const place = this.checkpoint;
    if (!place) return last;
    this.checkpoint = undefined;
    const before = await this.store.lastPositionBefore(place);
    return before !== undefined && before > last ? before : last;
  }

  private async checkLog(came: 'more' | 'over' | 'silence'): Promise<EventPage | undefined> {
    if (came === 'more' || this.ended.aborted) return undefined;
    if (came === 'over') {
      this.disconnect();
      return undefined;
    }
    this.head = await this.store.head();
    this.failures = 0;
    if (this.head <= this.reached) return undefined;
    const page = await this.store.read(this.reached, PAGE, this.filter);
    const isLost = page.events.length > 0 && performance.now() - this.silentSince > this.store.connection.inactivity;
    if (isLost) this.disconnect();
    return page.position > this.reached ? page : undefined;
  }

  private async open(): Promise<MessageBuffer> {
    await this.assertSameLog();
    this.node = await this.store.connection.node();
    this.checkpoint = undefined;
    this.silentSince = performance.now();
    const request = subscriptionRequest(parsePosition(this.reached), serverFilter(this.store.scope, this.filter));
    return new MessageBuffer(this.node.read(request), this.idle, this.ended);
  }

  /** Checks that the last event passed on is still in the log, since the server may have an older copy meanwhile. */
  private async assertSameLog(): Promise<void> {
    if (this.reached === START || (await this.store.at(this.reached))) return;
    throw new LogReplaced(`日志跟到的位置 ${this.reached} 没有事件`);
  }

  private disconnect(): void {
    this.buffer?.cancel();
    this.buffer = undefined;
  }

  /** Reconnects after a delay, from the end of the last page. */
  private async recover(error: unknown): Promise<void> {
    this.disconnect();
    if (!isSlowConsumer(error)) this.store.connection.recordFailure(this.node, error);
    const reason = describeError(error);
    if (this.failures === 0 || reason !== this.lastReason) log.warn({ reason }, 'a subscription broke; it goes on from where it was');
    this.lastReason = reason;
    this.failures += 1;
    await this.store.connection.pause(this.failures, this.ended);
  }
}
