import { setTimeout as pause } from 'node:timers/promises';
import { log } from '../../../kernel/log.js';
import { StoreUnavailable } from '../../../kernel/store-unavailable.js';
import { LogRefused } from '../../append.js';
import {
  AccessDenied,
  CallTimeout,
  describeError,
  type Endpoint,
  isTransient,
  LeaderUnreachable,
  NotLeader,
  TransientError,
  translateCallError,
} from '../errors.js';
import type { ServerAddress } from '../url.js';
import { findLeader } from './cluster.js';
import { describeAccessDenied, diagnose } from './diagnosis.js';
import type { LogIdentity } from './log-identity.js';
import { Node, targetOf } from './node.js';
import { INACTIVITY_TIMEOUT, LAST_CONNECT_TIMEOUT, RETRY_DELAYS, RETRY_TIMEOUT } from './timeouts.js';

/** How patient a connection is, in milliseconds; limits.ts has what it is when nothing is said. */
export interface Timeouts {
  /** How long the server may keep silent in one call. */
  readonly inactivity?: number;
  /** How long a call is tried again before it is StoreUnavailable; its last try may take `silence` more. */
  readonly retrying?: number;
  /** The shortest and the longest pause between two tries. */
  readonly retryDelays?: readonly [shortest: number, longest: number];
  /** Whether the log is told when the server cannot be used, and when it can again. Default true. */
  readonly logsOutages?: boolean;
}

type CallKind = 'read' | 'append';

/** By the monotonic clock: when it failed first since it was last done, and when last. */
interface Outage {
  readonly since: number;
  readonly last: number;
}

/** Failures on end after which a node is left; one that gave no answer, or is not the leader, is left at once. */
const MAX_FAILURES = 3;

/**
 * The way to EventStoreDB: one node at a time, the leader, left as a whole when it fails, and calls that are tried again for a
 * while. Whoever calls a second time must know what came of the first.
 */
export class Connection {
  readonly inactivity: number;
  private readonly retrying: number;
  private readonly retryDelays: readonly [shortest: number, longest: number];
  private readonly logsOutages: boolean;
  private readonly closing = new AbortController();
  private current: Node | undefined;
  /** Nodes that were left and are not done with what was under way, and one that is looked at. */
  private readonly drainingNodes = new Set<Node>();
  /** Whom the node before has named, where nobody else can be asked. */
  private suggestedLeader: Endpoint | undefined;
  private connecting: Promise<Node> | undefined;
  private failures = 0;
  /** What cannot be done now: a leader without a majority answers reads and takes no appends. */
  private readonly outages = new Map<CallKind, Outage>();

  /** Reaches nobody yet: the first call does. */
  constructor(
    private readonly address: ServerAddress,
    private readonly ownLog: LogIdentity,
    { inactivity = INACTIVITY_TIMEOUT, retrying = RETRY_TIMEOUT, retryDelays = RETRY_DELAYS, logsOutages = true }: Timeouts = {},
  ) {
    this.inactivity = inactivity;
    this.retrying = retrying;
    this.retryDelays = retryDelays;
    this.logsOutages = logsOutages;
  }

  /** The node that is used now, looked for when there is none. @throws Passing when no leader is found, or one with another log; LogReplaced */
  node(): Promise<Node> {
    if (this.usable) return Promise.resolve(this.usable);
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  /** The leader, looked for anew, after a node was silent in a read: it may search for long, or hang. @throws as `node` */
  reconnectAfterTimeout(of: Node): Promise<Node> {
    if (of === this.current) this.leaveCurrent(undefined);
    return this.node();
  }

  /** Aborted when the connection is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  assertOpen(): void {
    if (this.closing.signal.aborted) throw new Error('the event store is closed');
  }

  /**
   * Does `work` with the node, again and again while it fails in passing.
   * @param kind whether it is an append: appends and reads are in trouble each by itself
   * @throws StoreUnavailable when it still does after `retries`; LogRefused at once when the user may not; LogReplaced when the log is another one, or an older copy; else
   * what `work` throws
   */
  async call<T>(work: (node: Node) => Promise<T>, kind: CallKind = 'read'): Promise<T> {
    const now = performance.now();
    // when it has been away for long, callers hear so at once; those who follow the log go on trying
    const until = this.isInLongOutage(kind, now) ? now : now + this.retrying;
    for (let tries = 1; ; tries++) {
      this.assertOpen();
      let node: Node | undefined;
      try {
        node = this.usable ?? (await withTimeout(Math.max(LAST_CONNECT_TIMEOUT, until - performance.now()), this.node()));
        const answer = await work(node);
        this.assertOpen(); // closing ends reads, which then look as if they had come to their end
        this.recordSuccess(kind);
        return answer;
      } catch (thrown) {
        this.assertOpen();
        const error = translateCallError(thrown);
        if (!isTransient(error)) throw error;
        this.recordFailure(node, error, kind);
        if (error instanceof AccessDenied) throw new LogRefused(describeAccessDenied(this.address, error), { cause: error });
        if (performance.now() >= until) throw new StoreUnavailable(`the log cannot be used now: ${describeError(error)}`, { cause: error });
        await this.pause(tries);
      }
    }
  }

  /** Something failed in passing, with this node where there was one. */
  recordFailure(node: Node | undefined, error: unknown, kind: CallKind = 'read'): void {
    const now = performance.now();
    if (this.outages.size === 0 && this.logsOutages) void this.logOutage(error);
    this.outages.set(kind, { since: this.outages.get(kind)?.since ?? now, last: now });
    if (!node || node !== this.current) return;
    this.failures += 1;
    const isOver = error instanceof CallTimeout || error instanceof NotLeader || this.failures >= MAX_FAILURES;
    if (isOver) this.leaveCurrent(error instanceof NotLeader ? error.leader : undefined);
  }

  private recordSuccess(kind: CallKind): void {
    this.failures = 0;
    const trouble = this.outages.get(kind);
    this.outages.delete(kind);
    if (!trouble || !this.logsOutages || this.outages.size > 0) return;
    log.info({ eventStore: this.name, seconds: Math.round((performance.now() - trouble.since) / 1_000) }, 'EventStoreDB answers again');
  }

  /** Also just now: whether it can be done by now is not known when nobody has tried for a while. */
  private isInLongOutage(kind: CallKind, now: number): boolean {
    // a server that answers no reads takes no appends
    const troubles = [this.outages.get('read'), kind === 'append' ? this.outages.get('append') : undefined];
    return troubles.some((trouble) => trouble !== undefined && now - trouble.since > this.retrying && now - trouble.last <= this.retrying);
  }

  /** A pause that grows with the tries; at random, so that not all come back at the same time. Ends at once when closed. */
  async pause(tries: number, signal: AbortSignal = this.closing.signal): Promise<void> {
    const [shortest, longest] = this.retryDelays;
    const ms = Math.min(longest, shortest * 2 ** Math.min(tries - 1, 20)) * (0.5 + Math.random() / 2);
    try {
      await pause(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  close(): void {
    this.closing.abort();
    this.current?.close();
    for (const node of this.drainingNodes) node.close();
  }

  /** Why the server cannot be used, by looking at its hosts. Never rejects: nobody waits for all who ask. */
  async diagnose(error: unknown): Promise<string> {
    try {
      return await diagnose(this.address, error);
    } catch (fault) {
      log.warn({ err: fault }, 'the hosts of EventStoreDB could not be looked at');
      return describeError(error);
    }
  }

  private async logOutage(error: unknown): Promise<void> {
    const reason = await this.diagnose(error);
    log.error({ eventStore: this.name, reason }, 'EventStoreDB cannot be used now; it is tried again until it can');
  }

  private get name(): string {
    return this.address.hosts.map(targetOf).join(',');
  }

  private get usable(): Node | undefined {
    return this.current?.isUnverified ? undefined : this.current;
  }

  /** Whether there is nobody else who could be asked. */
  private get isSingleNode(): boolean {
    return !this.address.discover && this.address.hosts.length === 1;
  }

  private async connect(): Promise<Node> {
    const { suggestedLeader: named } = this;
    const { current = await this.chooseNode() } = this;
    this.drainingNodes.add(current);
    try {
      await this.verifyLog(current);
      this.assertOpen();
      this.current = current;
      return current;
    } catch (error) {
      this.suggestedLeader = error instanceof NotLeader && this.isSingleNode ? error.leader : undefined;
      this.leave(current);
      const isNotReached = named && isTransient(error) && !(error instanceof TransientError || error instanceof AccessDenied);
      throw isNotReached ? new LeaderUnreachable(named, error) : error;
    } finally {
      if (!current.retired.aborted) this.drainingNodes.delete(current);
    }
  }

  private async chooseNode(): Promise<Node> {
    const { suggestedLeader: named, address } = this;
    this.suggestedLeader = undefined;
    const endpoint = named ?? (this.isSingleNode ? address.hosts[0] : await findLeader(address));
    this.assertOpen();
    return new Node(address, endpoint);
  }

  private async verifyLog(node: Node): Promise<void> {
    node.isUnverified = false; // until its connection is lost meanwhile
    let isKnown = false;
    try {
      isKnown = await this.ownLog.verify(node, this.inactivity);
    } finally {
      if (!isKnown) node.isUnverified = true;
    }
  }

  private leaveCurrent(leader: Endpoint | undefined): void {
    if (this.current) this.leave(this.current);
    if (this.isSingleNode) this.suggestedLeader = leader;
  }

  private leave(node: Node): void {
    this.failures = 0;
    if (this.current === node) this.current = undefined;
    this.drainingNodes.add(node);
    node.retire(() => this.drainingNodes.delete(node));
  }
}

/** What a search comes to, when it does within `ms`; it goes on for those who ask later. @throws NoAnswer, or what it throws */
async function withTimeout<T>(ms: number, search: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CallTimeout(ms)), ms);
  try {
    return await Promise.race([search, promise]);
  } finally {
    clearTimeout(timer);
    search.catch((error: unknown) => error); // nobody waits for it any more
  }
}
