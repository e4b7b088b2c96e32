import { log } from '../../kernel/log.js';
import { LogReplaced } from '../append.js';
import { type Position, type Recorded, START } from '../event.js';
import type { Filter, Page } from '../event-store.js';
import type { Connection } from './connection.js';
import { isPassing, isTooSlow, reasonOf } from './faults.js';
import { Flow } from './flow.js';
import type { Node } from './node.js';
import type { ReadResp } from './protocol.js';
import { placeOf, type Sent } from './recorded.js';
import { onTheServer, type Place, subscriptionRequest } from './requests.js';
import type { Scope } from './scope.js';

/** The log as a subscription reads it beside what it is sent. */
export interface Log {
  readonly connection: Connection;
  readonly scope: Scope;
  /** What an event says, when the filter lets it through. */
  wanted(event: Sent, filter: Filter | undefined): Recorded | undefined;
  read(after: Position, limit: number, filter: Filter | undefined): Promise<Page>;
  at(position: Position): Promise<Recorded | undefined>;
  head(): Promise<Position>;
  /** The position of the last event before a place; undefined when it is not near. */
  before(place: Place): Promise<Position | undefined>;
}

/** Events that are handed over at a time. */
const PAGE = 1_000;

/**
 * Follows the log from a position: through a subscription that comes back from what was handed over last whenever it
 * breaks, and by looking at the log itself when the subscription is silent. For EventStoreDB says neither when the end is
 * reached nor how far it is when nothing passes the filter, and one that was lost can be silent, too.
 */
export class Subscription {
  private flow: Flow | undefined;
  private node: Node | undefined;
  private checkpoint: Place | undefined;
  /** The last head that was seen. */
  private head: Position = START;
  /** Whether the last page told the end. */
  private told = false;
  private failures = 0;
  private lastReason = '';
  private silentSince = 0;
  private readonly over: AbortSignal;

  /** @param idle milliseconds of silence after which the log itself is looked at */
  constructor(
    private readonly store: Log,
    private reached: Position,
    private readonly filter: Filter | undefined,
    private readonly signal: AbortSignal,
    private readonly idle: number,
  ) {
    this.over = AbortSignal.any([signal, store.connection.closed]);
  }

  /** Until the signal; ends with the error of `handle`, or when the store is closed. */
  async run(handle: (page: Page) => Promise<void>): Promise<void> {
    try {
      for (let page = await this.next(); page; page = await this.next()) {
        await handle(page);
        this.reached = page.position;
        this.told = page.end;
      }
    } finally {
      this.drop();
    }
  }

  private async next(): Promise<Page | undefined> {
    while (!this.signal.aborted) {
      this.store.connection.assertOpen();
      try {
        const page = await this.collect();
        if (page && !this.signal.aborted) return page;
      } catch (error) {
        if (this.signal.aborted) return undefined;
        this.store.connection.assertOpen();
        if (!isPassing(error)) throw error;
        await this.comeBack(error);
      }
    }
    return undefined;
  }

  /** What is there now; undefined when there is nothing to tell. */
  private async collect(): Promise<Page | undefined> {
    if (this.node?.left.aborted) this.drop(); // the leader is another one now
    this.flow ??= await this.open();
    const { flow } = this;
    const events = await this.gathered(flow);
    const last = events.at(-1)?.position ?? this.reached;
    if (events.length === PAGE) return { events, position: last, end: false };
    const position = await this.moved(last);
    const isNews = events.length > 0 || position > this.reached;
    if (isNews || !this.told) {
      if (position >= this.head) this.head = await this.store.head();
      const end = position >= this.head;
      if (isNews || end) return { events, position, end };
    }
    return this.lookAfter(await flow.wait());
  }

  /** What is there now; far from the end, full pages: whoever writes them down then does it once for many. */
  private async gathered(flow: Flow): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    do this.take(flow, events);
    while (this.isFarFromEnd(events) && (await flow.wait()) === 'more');
    return events;
  }

  private take(flow: Flow, events: Recorded[]): void {
    while (events.length < PAGE) {
      const message = flow.next();
      if (!message) break;
      this.silentSince = performance.now();
      const event = this.taken(message);
      if (event && event.position > this.reached) events.push(event);
    }
    if (events.length > 0) this.failures = 0;
  }

  private taken(message: ReadResp): Recorded | undefined {
    const checkpoint = message.getCheckpoint();
    if (checkpoint) this.checkpoint = { commit: BigInt(checkpoint.getCommitPosition()), prepare: BigInt(checkpoint.getPreparePosition()) };
    const event = message.getEvent()?.getEvent();
    return event && this.store.wanted(event, this.filter);
  }

  private isFarFromEnd(events: readonly Recorded[]): boolean {
    const last = events.at(-1);
    return last !== undefined && events.length < PAGE && last.position < this.head;
  }

  /**
   * Where the last checkpoint says that the server has come, which is behind what was handed over before: nothing that came
   * before it waits here any more. Its place itself may be where the next event is going to stand, so the event before it is
   * taken, and one that is not yet sure to be seen by others as well is left for later.
   */
  private async moved(last: Position): Promise<Position> {
    const place = this.checkpoint;
    if (!place) return last;
    this.checkpoint = undefined;
    const before = await this.store.before(place);
    return before !== undefined && before > last ? before : last;
  }

  private async lookAfter(came: 'more' | 'over' | 'silence'): Promise<Page | undefined> {
    if (came === 'more' || this.over.aborted) return undefined;
    if (came === 'over') {
      this.drop();
      return undefined;
    }
    this.head = await this.store.head();
    this.failures = 0;
    if (this.head <= this.reached) return undefined;
    const page = await this.store.read(this.reached, PAGE, this.filter);
    const isLost = page.events.length > 0 && performance.now() - this.silentSince > this.store.connection.silence;
    if (isLost) this.drop();
    return page.position > this.reached ? page : undefined;
  }

  private async open(): Promise<Flow> {
    await this.assertSameLog();
    this.node = await this.store.connection.node();
    this.checkpoint = undefined;
    this.silentSince = performance.now();
    const request = subscriptionRequest(placeOf(this.reached), onTheServer(this.store.scope, this.filter));
    return new Flow(this.node.read(request), this.idle, this.over);
  }

  /** What was handed over last is still there: the server may have been given an older copy of the log meanwhile. */
  private async assertSameLog(): Promise<void> {
    if (this.reached === START || (await this.store.at(this.reached))) return;
    throw new LogReplaced(`no event begins at ${this.reached}, up to where the log was followed`);
  }

  private drop(): void {
    this.flow?.cancel();
    this.flow = undefined;
  }

  /** After a pause, from what was handed over last. */
  private async comeBack(error: unknown): Promise<void> {
    this.drop();
    if (!isTooSlow(error)) this.store.connection.failed(this.node, error);
    const reason = reasonOf(error);
    if (this.failures === 0 || reason !== this.lastReason) log.warn({ reason }, 'a subscription broke; it goes on from where it was');
    this.lastReason = reason;
    this.failures += 1;
    await this.store.connection.pause(this.failures, this.over);
  }
}
