import { randomUUID } from 'node:crypto';
import { findLeader } from '../../../src/event-store/eventstoredb/connection/cluster.js';
import type { Endpoint } from '../../../src/event-store/eventstoredb/errors.js';
import { parseEventStoreUrl, type ServerAddress } from '../../../src/event-store/eventstoredb/url.js';
import { ForeignPrograms } from './foreign-programs.js';
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
export class RealOrTestServer {
  /** Letters and digits that no other test has. */
  readonly run = randomUUID().replaceAll('-', '').slice(0, 12);
  readonly others: ForeignPrograms;

  private constructor(
    readonly url: string,
    leader: Endpoint,
    /** The server of the tests; undefined where it is a real one. */
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
