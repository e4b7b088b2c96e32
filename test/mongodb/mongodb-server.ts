import { randomUUID } from 'node:crypto';
import { describe } from '@jest/globals';
import { MongoClient } from 'mongodb';

/** A database of one test on the test server. */
export interface TestDatabase {
  /** The server's URL with the database's name. */
  readonly url: string;
  /** The first host of the server. */
  readonly host: string;
  readonly port: number;
  /** The URL through a proxy on loopback. */
  through(proxy: { readonly port: number }): string;
  /** All documents of all collections. */
  rows(): Promise<readonly Row[]>;
  drop(): Promise<void>;
}

export interface Row {
  readonly collection: string;
  readonly row: Readonly<Record<string, unknown>>;
}

const WITHOUT = 'skipped: MONGODB_URL is not set and no container runtime answers';

/** The server at MONGODB_URL, or else in a container, or else none. */
const server = process.env.MONGODB_URL || (await inContainer());

/** Tests that need MongoDB; without a server they are skipped, which their name says. */
export function describeWithMongodb(name: string, tests: () => void): void {
  if (server) describe(name, tests);
  else describe.skip(`${name} (${WITHOUT})`, tests);
}

/** Names a new database, which the first write creates. */
export function newDatabase(): TestDatabase {
  const name = `test_${randomUUID()}`;
  const { credentials, hosts, options } = partsOf(server ?? '');
  const [host = '', port = '27017'] = hosts.split(',')[0]?.split(':') ?? [];
  const urlAt = (hosts: string, options: URLSearchParams) => `mongodb://${credentials && `${credentials}@`}${hosts}/${name}?${options}`;
  const url = urlAt(hosts, options);
  const inIt = async <T>(work: (database: ReturnType<MongoClient['db']>) => Promise<T>): Promise<T> => {
    const client = new MongoClient(url);
    try {
      return await work(client.db(name));
    } finally {
      await client.close();
    }
  };
  const rows = async (database: ReturnType<MongoClient['db']>): Promise<readonly Row[]> => {
    const collections = await database.collections();
    const each = collections.map(async (collection) =>
      (await collection.find({}, { promoteBuffers: true }).toArray()).map((row) => ({ collection: collection.collectionName, row })),
    );
    return (await Promise.all(each)).flat();
  };
  return {
    url,
    host,
    port: Number(port),
    through: (proxy) => urlAt(`127.0.0.1:${proxy.port}`, new URLSearchParams([...options, ['directConnection', 'true']])),
    rows: () => inIt(rows),
    drop: () => inIt(async (database) => void (await database.dropDatabase())),
  };
}

interface Parts {
  readonly credentials: string;
  readonly hosts: string;
  readonly options: URLSearchParams;
}

/** The parts of a URL. The authentication database stays the one of the original URL. */
function partsOf(url: string): Parts {
  const [, credentials = '', hosts = '', database, query] = /^[^:]+:\/\/(?:([^@]+)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(url) ?? [];
  const options = new URLSearchParams(query);
  if (credentials && !options.has('authSource')) options.set('authSource', database || 'admin');
  return { credentials, hosts, options };
}

/** Starts a replica set of one node, which majority writes need. It is removed after the tests. */
async function inContainer(): Promise<string | undefined> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  try {
    await getContainerRuntimeClient();
  } catch (error) {
    if (error instanceof Error && error.message.includes('container runtime')) return undefined;
    throw error;
  }
  const container = await new GenericContainer('mongo:7')
    .withCommand(['--replSet', 'tests', '--bind_ip_all'])
    .withExposedPorts(27017)
    .withWaitStrategy(Wait.forLogMessage(/Waiting for connections/))
    .start();
  const { exitCode, output } = await container.exec(['mongosh', '--quiet', '--eval', 'rs.initiate(); while (!db.hello().isWritablePrimary) sleep(100);']);
  if (exitCode !== 0) throw new Error(`no replica set could be made: ${output}`);
  return `mongodb://${container.getHost()}:${container.getMappedPort(27017)}/?directConnection=true`;
}
