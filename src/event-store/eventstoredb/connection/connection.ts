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

/** A connection's timeouts in milliseconds, with defaults in timeouts.ts. */
export interface Timeouts {
  /** How long the server may send nothing in one call. */
  readonly inactivity?: number;
  /** How long a call is retried before it is StoreUnavailable. Its last attempt may take `inactivity` more. */
  readonly retrying?: number;
  /** The shortest and the longest delay between two attempts. */
  readonly retryDelays?: readonly [shortest: number, longest: number];
  /** Whether to log when the server becomes unusable and usable again. Default true. */
  readonly logsOutages?: boolean;
}

type CallKind = 'read' | 'append';

/** By the monotonic clock: the first failure since the last success, and the latest failure. */
interface Outage {
  readonly since: number;
  readonly last: number;
}

/** Consecutive failures after which a node is left. One that did not respond, or is not the leader, is left at once. */
const MAX_FAILURES = 3;

/**
 * The connection to EventStoreDB. It uses one node at a time, the leader, leaves it when it fails, and retries calls for a while. The
 * caller must make sure that repeated work has no second effect.
 */
export class Connection {
  readonly inactivity: number;
  private readonly retrying: number;
  private readonly retryDelays: readonly [shortest: number, longest: number];
  private readonly logsOutages: boolean;
  private readonly closing = new AbortController();
  private current: Node | undefined;
  /** Retired nodes with unfinished calls, and a node that is being verified. */
  private readonly drainingNodes = new Set<Node>();
  /** The leader that the previous node named, used when only one host is known. */
  private suggestedLeader: Endpoint | undefined;
  private connecting: Promise<Node> | undefined;
  private failures = 0;
  /** Outages by kind of call, because a leader without a majority answers reads but accepts no appends. */
  private readonly outages = new Map<CallKind, Outage>();

  /** Does not connect; the first call does. */
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

  /** The current node, or a new one. @throws TransientError when no leader is found or it has another log; LogReplaced */
  node(): Promise<Node> {
    if (this.usable) return Promise.resolve(this.usable);
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  /** Connects again after a read timed out, because the node may be hanging. @throws as `node` */
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
   * Runs `work` with the node, and retries it on transient errors.
   * @param kind appends and reads have separate outages
   * @throws StoreUnavailable when it still fails after the retry timeout; LogRefused at once when the user lacks a right; LogReplaced
   * when the log is another one or an older copy; or what `work` throws
   */
  async call<T>(work: (node: Node) => Promise<T>, kind: CallKind = 'read'): Promise<T> {
    const now = performance.now();
    // in a long outage callers fail after one attempt; subscriptions keep retrying
    const until = this.isInLongOutage(kind, now) ? now : now + this.retrying;
    for (let tries = 1; ; tries++) {
      this.assertOpen();
      let node: Node | undefined;
      try {
        node = this.usable ?? (await withTimeout(Math.max(LAST_CONNECT_TIMEOUT, until - performance.now()), this.node()));
        const answer = await work(node);
        this.assertOpen(); // closing ends reads early, which would look complete
        this.recordSuccess(kind);
        return answer;
      } catch (thrown) {
        this.assertOpen();
        const error = translateCallError(thrown);
        if (!isTransient(error)) throw error;
        this.recordFailure(node, error, kind);
        if (error instanceof AccessDenied) throw new LogRefused(describeAccessDenied(this.address, error), { cause: error });
        if (performance.now() >= until) throw new StoreUnavailable(`事件日志现在无法使用：${describeError(error)}`, { cause: error });
        await this.pause(tries);
      }
    }
  }

  /** Records a transient failure, and leaves the node if it is the cause. */
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
    const outage = this.outages.get(kind);
    this.outages.delete(kind);
    if (!outage || !this.logsOutages || this.outages.size > 0) return;
    log.info({ eventStore: this.name, seconds: Math.round((performance.now() - outage.since) / 1_000) }, 'EventStoreDB answers again');
  }

  /** Whether calls have failed for longer than they are retried, and also recently: without recent calls the state is unknown. */
  private isInLongOutage(kind: CallKind, now: number): boolean {
    // a server that answers no reads accepts no appends either
    const outages = [this.outages.get('read'), kind === 'append' ? this.outages.get('append') : undefined];
    return outages.some((outage) => outage !== undefined && now - outage.since > this.retrying && now - outage.last <= this.retrying);
  }

  /** Waits before the next attempt: the delay doubles and is randomised, so that clients do not retry together. Ends at once when closed. */
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

  /** Finds out why the server cannot be used, by probing its hosts. Never rejects. */
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

  /** Whether the URL names only one host. */
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
    node.isUnverified = false; // set again if its connection is lost during the check
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

/** The result of `search` within `ms`; the search itself continues for later callers. @throws CallTimeout, or what it throws */
async function withTimeout<T>(ms: number, search: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new CallTimeout(ms)), ms);
  try {
    return await Promise.race([search, promise]);
  } finally {
    clearTimeout(timer);
    search.catch((error: unknown) => error); // a later rejection has no other handler
  }
}
