import {
  type Collection,
  type Document,
  MongoBulkWriteError,
  MongoClient,
  MongoClientClosedError,
  MongoDriverError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoSystemError,
  MongoTopologyClosedError,
  ReadConcern,
  ReadPreference,
  WriteConcern,
} from 'mongodb';
import { log } from '../kernel/log.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** The database of a URL that names none. */
const DATABASE = 'personal_centre';

/** How long a page waits for an answer, in milliseconds: longer than a planned change of the primary takes. */
const TIMEOUT = 5_000;

/** How long the driver looks for a primary, in milliseconds: less than a page waits, so that it says that there is none. */
const LONGEST_SEARCH = 4_000;

/** After which the driver gives a connection up, in milliseconds: longer than any call is waited for. */
const LONGEST_CALL = 60_000;

const DUPLICATE_KEY = 11_000;
const NO_COLLECTION = 26;

/** By MongoDB's names: what a server says that is no primary any more, shuts down, is too slow or has no room. */
const PASSING: ReadonlySet<unknown> = new Set(
  Object.values({
    HostUnreachable: 6,
    HostNotFound: 7,
    MaxTimeMSExpired: 50,
    WriteConcernTimeout: 64,
    NetworkTimeout: 89,
    ShutdownInProgress: 91,
    UnsatisfiableWriteConcern: 100,
    FailedToSatisfyReadPreference: 133,
    ReadConcernMajorityNotAvailableYet: 134,
    PrimarySteppedDown: 189,
    ExceededTimeLimit: 262,
    SocketException: 9_001,
    NotWritablePrimary: 10_107,
    InterruptedAtShutdown: 11_600,
    InterruptedDueToReplStateChange: 11_602,
    NotPrimaryNoSecondaryOk: 13_435,
    NotPrimaryOrSecondary: 13_436,
    OutOfDiskSpace: 14_031,
  }),
);

/** A call came to a client that was closed, at the end or to be replaced; the driver gives two of these no class to know them by. */
const CLOSED = [MongoClientClosedError, MongoNotConnectedError, MongoTopologyClosedError];
const UNEXPORTED: ReadonlySet<string> = new Set(['MongoPoolClosedError', 'MongoWaitQueueTimeoutError']);

/** Said of the database: what a URL says of it goes before what is said of the client. */
const SAFELY = {
  writeConcern: new WriteConcern('majority', undefined, true),
  readConcern: new ReadConcern('majority'),
  readPreference: ReadPreference.primary,
};

interface Shared {
  client: MongoClient;
  /** By the monotonic clock. */
  since: number;
  users: number;
}

/** One client for all who use a URL: each has connections and watches the servers. */
const sharedByUrl = new Map<string, Shared>();

/**
 * A database in MongoDB. It need not answer when it is opened, and is found again by itself after it was away.
 * Writes are acknowledged by the majority and journaled, reads are what the majority holds, from the primary: nothing
 * that was answered is taken back by an election.
 */
export class Mongodb {
  private open = true;

  private constructor(
    private readonly url: string,
    private readonly shared: Shared,
    /** Of the database. */
    readonly name: string,
  ) {}

  /** The database that a URL names, or `personal_centre`. To be closed by who opens it. */
  static open(url: string): Mongodb {
    const shared = sharedByUrl.get(url) ?? { client: clientOf(url), since: performance.now(), users: 0 };
    sharedByUrl.set(url, shared);
    shared.users += 1;
    return new Mongodb(url, shared, databaseIn(url));
  }

  /** For one call: the next may need that of a newer client. */
  collection<Row extends Document>(name: string): Collection<Row> {
    return this.shared.client.db(this.name, SAFELY).collection<Row>(name, { promoteBuffers: true });
  }

  /**
   * What a call answers.
   * @param patience milliseconds
   * @throws StoreUnavailable when there is no answer in time, no server, or one that cannot do it now; what became of a
   * write is unknown then
   */
  async answer<T>(call: Promise<T>, patience = TIMEOUT): Promise<T> {
    const { promise: over, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new StoreUnavailable(`MongoDB has not answered for ${patience} ms`)), patience);
    try {
      return await Promise.race([call, over]);
    } catch (error) {
      if (error instanceof MongoServerSelectionError) this.connectAnew();
      throw isPassing(error) ? new StoreUnavailable(`MongoDB cannot be used now: ${error.message}`, { cause: error }) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last who closes a URL ends its connections. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    if (--this.shared.users > 0) return;
    sharedByUrl.delete(this.url);
    await this.shared.client.close();
  }

  /**
   * What keeps a client from its server may be in itself: one that was just about to ask whether a server is there when
   * the connection was cut waits for the answer for ever (driver 7.9). So a client that finds no server is replaced.
   */
  private connectAnew(): void {
    const { shared } = this;
    if (!this.open || performance.now() - shared.since < LONGEST_SEARCH) return; // an older one found none
    const old = shared.client;
    shared.client = clientOf(this.url);
    shared.since = performance.now();
    log.warn({ database: this.name }, 'no server of MongoDB was found; connected anew');
    old.close().catch((error: unknown) => log.warn({ err: error }, 'a connection to MongoDB did not end well'));
  }
}

function clientOf(url: string): MongoClient {
  return new MongoClient(url, {
    appName: 'personal-centre',
    ignoreUndefined: true, // it would be stored as null
    serverSelectionTimeoutMS: LONGEST_SEARCH,
    connectTimeoutMS: LONGEST_SEARCH,
    waitQueueTimeoutMS: TIMEOUT,
    socketTimeoutMS: LONGEST_CALL,
  });
}

function databaseIn(url: string): string {
  const path = /^[^:]+:\/\/[^/?]*\/([^?]+)/.exec(url)?.[1];
  return path === undefined ? DATABASE : decodeURIComponent(path);
}

function isPassing(error: unknown): error is Error {
  if (error instanceof MongoNetworkError || error instanceof MongoSystemError) return true;
  if (CLOSED.some((kind) => error instanceof kind)) return true;
  if (error instanceof MongoDriverError) return UNEXPORTED.has(error.name);
  return error instanceof MongoServerError && PASSING.has(error.code);
}

/** Whether nothing is wrong but that others hold the same key; what else was to be written is, by a bulk without order. */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  if (!(error instanceof MongoBulkWriteError)) return true;
  return !error.result.getWriteConcernError() && [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
}

/** Whether a collection is not there: MongoDB makes it with the first document or index. */
export function isNoCollection(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NO_COLLECTION;
}
