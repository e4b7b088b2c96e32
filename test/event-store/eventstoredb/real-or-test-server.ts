import { randomUUID } from 'node:crypto';
import { findLeader } from '../../../src/event-store/eventstoredb/connection/cluster.js';
import type { Endpoint } from '../../../src/event-store/eventstoredb/errors.js';
import { parseEventStoreUrl, type ServerAddress } from '../../../src/event-store/eventstoredb/url.js';
import { ForeignPrograms } from './foreign-programs.js';
import { TestServer } from './test-server/test-server.js';

/**
 * An EventStoreDB for tests of what every server must do: the one at ESDB_URL, a single node or three hosts, with a user of `$admins` if
 * it has users; without ESDB_URL the in-process server. A real one keeps what was written, so each test uses its own names by `run`.
 * On ESDB_URL run: the port's suite, logs that share a server, installations and prefixes, refusals as far as its URL can cause them,
 * and a failing network when it is one host without TLS (through a proxy).
 * Only on the in-process server run, since no real one can be made to do so from outside: delayed or lost answers, a full disk, a frozen
 * server or one that is not ready, elections, scavenging, subscriptions dropped as too slow, users without rights, and internal
 * counters.
 */
export class RealOrTestServer {
  /** Letters and digits that no other test uses. */
  readonly run = randomUUID().replaceAll('-', '').slice(0, 12);
  readonly others: ForeignPrograms;

  private constructor(
    readonly url: string,
    leader: Endpoint,
    /** The in-process server; undefined for a real one. */
    readonly own: TestServer | undefined,
  ) {
    this.others = new ForeignPrograms(addressOf(url), leader);
  }

  static async start(): Promise<RealOrTestServer> {
    const { ESDB_URL: url } = process.env;
    if (url) return new RealOrTestServer(url, await findLeader(addressOf(url)), undefined);
    const own = await TestServer.start();
    return new RealOrTestServer(`esdb://127.0.0.1:${own.port}?tls=false`, { address: '127.0.0.1', port: own.port }, own);
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

function addressOf(url: string): ServerAddress {
  return parseEventStoreUrl(url, { production: false });
}
