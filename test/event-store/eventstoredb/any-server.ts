import { randomUUID } from 'node:crypto';
import { leaderOf } from '../../../src/event-store/eventstoredb/cluster.js';
import type { Endpoint } from '../../../src/event-store/eventstoredb/faults.js';
import { type EventStoreAddress, eventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';
import { OthersAtWork } from './others-at-work.js';
import { TestServer } from './test-server.js';

/**
 * An EventStoreDB for what every server must do: the one that ESDB_URL names, a single node or three hosts, with a user of
 * `$admins` where it has users; the server of the tests where ESDB_URL is unset. A real one is not empty and keeps what was
 * written, so each test has names of its own by `run`.
 *
 * On ESDB_URL run: the port's suite, logs that share a server, installations and prefixes, refusals as far as its URL lets
 * them be brought about, and a network that fails where it is one host without TLS (a proxy stands before it).
 * On the server of the tests always run, since no real one can be made to do so from outside: answers that are held back or
 * lost, a disk that is full, a server that is frozen or not ready, elections, scavenging, subscriptions that are dropped as
 * too slow, users without rights, and what is counted inside the server.
 */
export class AnyServer {
  /** Letters and digits that no other test has. */
  readonly run = randomUUID().replaceAll('-', '').slice(0, 12);
  readonly others: OthersAtWork;

  private constructor(
    readonly url: string,
    leader: Endpoint,
    /** The server of the tests; undefined where it is a real one. */
    readonly own: TestServer | undefined,
  ) {
    this.others = new OthersAtWork(addressOf(url), leader);
  }

  static async start(): Promise<AnyServer> {
    const { ESDB_URL: url } = process.env;
    if (url) return new AnyServer(url, await leaderOf(addressOf(url)), undefined);
    const own = await TestServer.start();
    return new AnyServer(`esdb://127.0.0.1:${own.port}?tls=false`, { address: '127.0.0.1', port: own.port }, own);
  }

  /** A prefix for streams that no other test has. */
  prefix(name = 't'): string {
    return `${name}${this.run}/`;
  }

  async stop(): Promise<void> {
    this.others.close();
    await this.own?.stop();
  }
}

/** The one host of ESDB_URL before which a proxy can stand; undefined where there is none. */
export function realHost(): Endpoint | undefined {
  const { ESDB_URL: url } = process.env;
  if (!url) return undefined;
  const { hosts, discover, tls } = addressOf(url);
  return hosts.length === 1 && !discover && !tls ? hosts[0] : undefined;
}

function addressOf(url: string): EventStoreAddress {
  return eventStoreUrl(url, { production: false });
}
