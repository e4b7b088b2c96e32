import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, isCommandError } from '@eventstore/db-client';
import { log } from '../../log.js';
import { StoreUnavailable } from '../append.js';
import { NoAnswer } from './flow.js';
import type { EventStoreAddress } from './url.js';

/** How patient a connection is, in milliseconds. */
export interface Patience {
  /** How long the server may keep silent in one call. Default 3,000. */
  readonly silence?: number;
  /** How long a call is tried again before it is StoreUnavailable. Default 10,000. */
  readonly retries?: number;
  /** The shortest and the longest pause between two tries. Default 50 and 5,000. */
  readonly pauses?: readonly [shortest: number, longest: number];
}

/** Failures on end after which a client is replaced; one that got no answer is replaced at once. */
const MOST_FAILURES = 3;
const KEEP_ALIVE = 10_000;

/** What says nothing about the call: it may be tried again, or must be asked about again when it changed something. */
const PASSING = new Set<string>(['unavailable', 'unknown', 'timeout', 'deadline-exceeded', 'cancelled', 'not-leader', 'access-denied']);
/** Passing faults that are plain errors: no leader found, a channel that another call has just given up. */
const PLAIN = /^Failed to discover|^Channel has been/;
/** The call came nowhere because another one had just given the channel up. */
const NOT_BEGUN = /Channel (closed before call started|has been shut down)/;
const MOST_NOT_BEGUN = 10;

/**
 * The way to EventStoreDB: one client at a time, replaced as a whole when it fails again and again, and calls that are
 * tried again for a while. Whoever calls a second time must know what came of the first.
 */
export class Connection {
  readonly silence: number;
  private readonly retries: number;
  private readonly pauses: readonly [shortest: number, longest: number];
  private readonly closing = new AbortController();
  private current: Client;
  private failures = 0;
  /** Since when the server cannot be used, by the monotonic clock; undefined while it can. */
  private troubledSince: number | undefined;

  /** Throws nothing when no node can be reached: that is logged, and it goes on trying. */
  constructor(
    private readonly address: EventStoreAddress,
    { silence = 3_000, retries = 10_000, pauses = [50, 5_000] }: Patience = {},
  ) {
    this.silence = silence;
    this.retries = retries;
    this.pauses = pauses;
    this.current = new Client(address);
  }

  get client(): Client {
    return this.current;
  }

  /** Aborted when the connection is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  assertOpen(): void {
    if (this.closing.signal.aborted) throw new Error('the event store is closed');
  }

  /**
   * Does `work` with the client, again and again while it fails in passing.
   * @throws StoreUnavailable when it still does after `retries`; else what `work` throws
   */
  async call<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const now = performance.now();
    // when it has been away for long, callers hear so at once; those who follow the log go on trying
    const until = now - (this.troubledSince ?? now) > this.retries ? now : now + this.retries;
    for (let tries = 1; ; tries++) {
      this.assertOpen();
      const client = this.current;
      try {
        const answer = await work(client);
        this.assertOpen(); // closing ends reads, which then look as if they had come to their end
        this.succeeded();
        return answer;
      } catch (error) {
        this.assertOpen();
        if (!isPassing(error)) throw error;
        const begun = !NOT_BEGUN.test((error as Error).message) || tries > MOST_NOT_BEGUN;
        if (begun) this.failed(client, error);
        if (isRefusal(error) || (begun && performance.now() >= until))
          throw new StoreUnavailable(`the log cannot be used now: ${reasonOf(error)}`, { cause: error });
        await this.pause(begun ? tries : 1);
      }
    }
  }

  succeeded(): void {
    this.failures = 0;
    if (this.troubledSince === undefined) return;
    log.info({ eventStore: this.name, seconds: Math.round((performance.now() - this.troubledSince) / 1_000) }, 'EventStoreDB answers again');
    this.troubledSince = undefined;
  }

  /** Something failed in passing with this client. */
  failed(client: Client, error: unknown): void {
    if (this.troubledSince === undefined) {
      this.troubledSince = performance.now();
      log.error({ eventStore: this.name, reason: reasonOf(error) }, 'EventStoreDB cannot be used now; it is tried again until it can');
    }
    if (client !== this.current || this.closing.signal.aborted) return;
    this.failures += 1;
    if (error instanceof NoAnswer || this.failures >= MOST_FAILURES) this.replace();
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

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.current.shut(this.silence);
  }

  private get name(): string {
    return this.address.hosts.map(({ address, port }) => `${address}:${port}`).join(',');
  }

  private replace(): void {
    const failed = this.current;
    this.current = new Client(this.address);
    this.failures = 0;
    failed.leave();
  }
}

let made = 0;

/** The package's client, with what it does not say of itself. */
class Client extends EventStoreDBClient {
  private channel: ReturnType<EventStoreDBClient['getChannel']> | undefined;

  constructor({ hosts, discover, tls, credentials, certificates, settings }: EventStoreAddress) {
    const [first, ...others] = hosts;
    // clients of the same settings would share one TCP connection, also one that is dead: so no two have the same
    const options = { ...settings, keepAliveInterval: (settings.keepAliveInterval ?? KEEP_ALIVE) + (made++ % 1_000) };
    const security = {
      insecure: !tls,
      ...(certificates.authority && { rootCertificate: certificates.authority }),
      ...(certificates.user && { userCertFile: certificates.user.certificate, userKeyFile: certificates.user.key }),
    };
    if (discover) super({ discover: first, ...options }, security, credentials);
    else if (others.length > 0) super({ endpoints: [...hosts], ...options }, security, credentials);
    else super({ endpoint: first, ...options }, security, credentials);
    // every append is a call of its own (ADR 0008), and none waits for the answer to the question, which has no deadline
    this.supports = async () => false;
    const getChannel = this.getChannel;
    this.getChannel = () => {
      this.channel = getChannel();
      return this.channel;
    };
  }

  /** Opens nothing more; what is under way goes on. */
  leave(): void {
    this.channel?.then((channel) => channel.close()).catch((error: unknown) => error); // there is none to close
  }

  /** Ends all that is under way, and waits no longer than `ms` for it. */
  async shut(ms: number): Promise<void> {
    await Promise.race([this.dispose(), pause(ms, undefined, { ref: false })]);
    this.leave();
  }
}

/** Whether an error says nothing about the call itself: the server was not reached, or could not do it now. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswer || error instanceof StoreUnavailable) return true;
  const type = typeOf(error);
  if (type !== undefined) return PASSING.has(type);
  return error instanceof Error && (typeof (error as { readonly code?: unknown }).code === 'number' || PLAIN.test(error.message));
}

/** Credentials are wrong: trying again at once is no use. */
function isRefusal(error: unknown): boolean {
  return typeOf(error) === 'access-denied';
}

/** An error in words for the log; the server's may name a stream, so only what is said of the connection is taken over. */
export function reasonOf(error: unknown): string {
  const type = typeOf(error);
  if (type === 'unavailable' || type === 'timeout') return `${type}: ${(error as Error).message}`;
  if (type !== undefined) return type;
  return error instanceof Error ? error.message : 'something that is no error was thrown';
}

/** What the package calls an error; undefined for one that is gRPC's or another's. */
export function typeOf(error: unknown): string | undefined {
  return error instanceof Error && isCommandError(error) ? error.type : undefined;
}
