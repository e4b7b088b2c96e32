import { setTimeout as pause } from 'node:timers/promises';
import { log } from '../../kernel/log.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { LogRefused } from '../append.js';
import { leaderOf } from './cluster.js';
import { diagnosed, ofAccess } from './diagnosis.js';
import { AccessDenied, type Endpoint, faultOf, isPassing, LeaderNotReached, NoAnswer, NotLeader, Passing, reasonOf } from './faults.js';
import { LAST_SEARCH, PAUSES, RETRIES, SILENCE } from './limits.js';
import { Node, targetOf } from './node.js';
import type { OwnLog } from './own-log.js';
import type { EventStoreAddress } from './url.js';

/** How patient a connection is, in milliseconds; limits.ts has what it is when nothing is said. */
export interface Patience {
  /** How long the server may keep silent in one call. */
  readonly silence?: number;
  /** How long a call is tried again before it is StoreUnavailable; its last try may take `silence` more. */
  readonly retries?: number;
  /** The shortest and the longest pause between two tries. */
  readonly pauses?: readonly [shortest: number, longest: number];
  /** Whether the log is told when the server cannot be used, and when it can again. Default true. */
  readonly tells?: boolean;
}

type Work = 'read' | 'append';

/** By the monotonic clock: when it failed first since it was last done, and when last. */
interface Trouble {
  readonly since: number;
  readonly last: number;
}

/** Failures on end after which a node is left; one that gave no answer, or is not the leader, is left at once. */
const MOST_FAILURES = 3;

/**
 * The way to EventStoreDB: one node at a time, the leader, left as a whole when it fails, and calls that are tried again for a
 * while. Whoever calls a second time must know what came of the first.
 */
export class Connection {
  readonly silence: number;
  private readonly retries: number;
  private readonly pauses: readonly [shortest: number, longest: number];
  private readonly tells: boolean;
  private readonly closing = new AbortController();
  private current: Node | undefined;
  /** Nodes that were left and are not done with what was under way, and one that is looked at. */
  private readonly others = new Set<Node>();
  /** Whom the node before has named, where nobody else can be asked. */
  private named: Endpoint | undefined;
  private finding: Promise<Node> | undefined;
  private failures = 0;
  /** What cannot be done now: a leader without a majority answers reads and takes no appends. */
  private readonly troubles = new Map<Work, Trouble>();

  /** Reaches nobody yet: the first call does. */
  constructor(
    private readonly address: EventStoreAddress,
    private readonly ownLog: OwnLog,
    { silence = SILENCE, retries = RETRIES, pauses = PAUSES, tells = true }: Patience = {},
  ) {
    this.silence = silence;
    this.retries = retries;
    this.pauses = pauses;
    this.tells = tells;
  }

  /** The node that is used now, looked for when there is none. @throws Passing when no leader is found, or one with another log; LogReplaced */
  node(): Promise<Node> {
    if (this.usable) return Promise.resolve(this.usable);
    this.finding ??= this.find().finally(() => {
      this.finding = undefined;
    });
    return this.finding;
  }

  /** The leader, looked for anew, after a node was silent in a read: it may search for long, or hang. @throws as `node` */
  afterSilence(of: Node): Promise<Node> {
    if (of === this.current) this.replace(undefined);
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
  async call<T>(work: (node: Node) => Promise<T>, kind: Work = 'read'): Promise<T> {
    const now = performance.now();
    // when it has been away for long, callers hear so at once; those who follow the log go on trying
    const until = this.isLongInTrouble(kind, now) ? now : now + this.retries;
    for (let tries = 1; ; tries++) {
      this.assertOpen();
      let node: Node | undefined;
      try {
        node = this.usable ?? (await within(Math.max(LAST_SEARCH, until - performance.now()), this.node()));
        const answer = await work(node);
        this.assertOpen(); // closing ends reads, which then look as if they had come to their end
        this.succeeded(kind);
        return answer;
      } catch (thrown) {
        this.assertOpen();
        const error = faultOf(thrown);
        if (!isPassing(error)) throw error;
        this.failed(node, error, kind);
        if (error instanceof AccessDenied) throw new LogRefused(ofAccess(this.address, error), { cause: error });
        if (performance.now() >= until) throw new StoreUnavailable(`the log cannot be used now: ${reasonOf(error)}`, { cause: error });
        await this.pause(tries);
      }
    }
  }

  /** Something failed in passing, with this node where there was one. */
  failed(node: Node | undefined, error: unknown, kind: Work = 'read'): void {
    const now = performance.now();
    if (this.troubles.size === 0 && this.tells) void this.tell(error);
    this.troubles.set(kind, { since: this.troubles.get(kind)?.since ?? now, last: now });
    if (!node || node !== this.current) return;
    this.failures += 1;
    const isOver = error instanceof NoAnswer || error instanceof NotLeader || this.failures >= MOST_FAILURES;
    if (isOver) this.replace(error instanceof NotLeader ? error.leader : undefined);
  }

  private succeeded(kind: Work): void {
    this.failures = 0;
    const trouble = this.troubles.get(kind);
    this.troubles.delete(kind);
    if (!trouble || !this.tells || this.troubles.size > 0) return;
    log.info({ eventStore: this.name, seconds: Math.round((performance.now() - trouble.since) / 1_000) }, 'EventStoreDB answers again');
  }

  /** Also just now: whether it can be done by now is not known when nobody has tried for a while. */
  private isLongInTrouble(kind: Work, now: number): boolean {
    // a server that answers no reads takes no appends
    const troubles = [this.troubles.get('read'), kind === 'append' ? this.troubles.get('append') : undefined];
    return troubles.some((trouble) => trouble !== undefined && now - trouble.since > this.retries && now - trouble.last <= this.retries);
  }

  /** A pause that grows with the tries; at random, so that not all come back at the same time. Ends at once when closed. */
  async pause(tries: number, signal: AbortSignal = this.closing.signal): Promise<void> {
    const [shortest, longest] = this.pauses;
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
    for (const node of this.others) node.close();
  }

  /** Why the server cannot be used, by looking at its hosts. Never rejects: nobody waits for all who ask. */
  async why(error: unknown): Promise<string> {
    try {
      return await diagnosed(this.address, error);
    } catch (fault) {
      log.warn({ err: fault }, 'the hosts of EventStoreDB could not be looked at');
      return reasonOf(error);
    }
  }

  private async tell(error: unknown): Promise<void> {
    const reason = await this.why(error);
    log.error({ eventStore: this.name, reason }, 'EventStoreDB cannot be used now; it is tried again until it can');
  }

  private get name(): string {
    return this.address.hosts.map(targetOf).join(',');
  }

  private get usable(): Node | undefined {
    return this.current?.isDoubted ? undefined : this.current;
  }

  /** Whether there is nobody else who could be asked. */
  private get isAlone(): boolean {
    return !this.address.discover && this.address.hosts.length === 1;
  }

  private async find(): Promise<Node> {
    const { named } = this;
    const { current = await this.found() } = this;
    this.others.add(current);
    try {
      await this.admit(current);
      this.assertOpen();
      this.current = current;
      return current;
    } catch (error) {
      this.named = error instanceof NotLeader && this.isAlone ? error.leader : undefined;
      this.leave(current);
      const isNotReached = named && isPassing(error) && !(error instanceof Passing || error instanceof AccessDenied);
      throw isNotReached ? new LeaderNotReached(named, error) : error;
    } finally {
      if (!current.left.aborted) this.others.delete(current);
    }
  }

  private async found(): Promise<Node> {
    const { named, address } = this;
    this.named = undefined;
    const endpoint = named ?? (this.isAlone ? address.hosts[0] : await leaderOf(address));
    this.assertOpen();
    return new Node(address, endpoint);
  }

  private async admit(node: Node): Promise<void> {
    node.isDoubted = false; // until its connection is lost meanwhile
    let isKnown = false;
    try {
      isKnown = await this.ownLog.isKnownOn(node, this.silence);
    } finally {
      if (!isKnown) node.isDoubted = true;
    }
  }

  private replace(leader: Endpoint | undefined): void {
    if (this.current) this.leave(this.current);
    if (this.isAlone) this.named = leader;
  }

  private leave(node: Node): void {
    this.failures = 0;
    if (this.current === node) this.current = undefined;
    this.others.add(node);
    node.leave(() => this.others.delete(node));
  }
}

/** What a search comes to, when it does within `ms`; it goes on for those who ask later. @throws NoAnswer, or what it throws */
async function within<T>(ms: number, search: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new NoAnswer(ms)), ms);
  try {
    return await Promise.race([search, promise]);
  } finally {
    clearTimeout(timer);
    search.catch((error: unknown) => error); // nobody waits for it any more
  }
}
