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
import { errorCode } from '../kernel/error-code.js';
import { log } from '../kernel/log.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';

/** The database when the URL names none. */
const DATABASE = 'personal_centre';

/** Milliseconds that a page waits for a call: longer than a planned election of a primary takes. */
const TIMEOUT = 5_000;

/** Milliseconds that the driver looks for a primary: less than TIMEOUT, so that its error says that there is none. */
const SERVER_SELECTION_TIMEOUT = 4_000;

/** Milliseconds after which the driver closes a silent connection: longer than any call may take. */
const SOCKET_TIMEOUT = 60_000;

const DUPLICATE_KEY = 11_000;
const NAMESPACE_NOT_FOUND = 26;
const NAMESPACE_EXISTS = 48;

/** Codes of a server that is no longer primary, is shutting down, is too slow or has no disk space, by MongoDB's names. */
const TRANSIENT: ReadonlySet<unknown> = new Set(
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

/** Errors of calls on a client that was closed, at shutdown or to be replaced. The driver does not export the class of the last two. */
const CLOSED_CLIENT_ERRORS = [MongoClientClosedError, MongoNotConnectedError, MongoTopologyClosedError];
const UNEXPORTED_CLASSES: ReadonlySet<string> = new Set(['MongoPoolClosedError', 'MongoWaitQueueTimeoutError']);

/** Set on each database, since options of the URL override those of the client. */
const MAJORITY = {
  writeConcern: new WriteConcern('majority', undefined, true),
  readConcern: new ReadConcern('majority'),
  readPreference: ReadPreference.primary,
};

interface SharedClient {
  client: MongoClient;
  /** When the client was created, by the monotonic clock. */
  since: number;
  users: number;
}

/** All users of a URL share one client, because each client has its own connections and monitors the servers. */
const sharedByUrl = new Map<string, SharedClient>();

/**
 * A database in MongoDB. The server need not be up when it is opened, and outages are recovered from without reopening. Writes are
 * acknowledged by the majority and journaled, and reads are majority reads from the primary, so an election never rolls back what was
 * answered.
 */
export class Mongodb {
  private open = true;

  private constructor(
    private readonly url: string,
    private readonly shared: SharedClient,
    /** The database's name. */
    readonly name: string,
  ) {}

  /** Opens the database that the URL names, or `personal_centre`. The caller must close it. */
  static open(url: string): Mongodb {
    const shared = sharedByUrl.get(url) ?? { client: clientOf(url), since: performance.now(), users: 0 };
    sharedByUrl.set(url, shared);
    shared.users += 1;
    return new Mongodb(url, shared, databaseIn(url));
  }

  /** Makes a collection; nothing happens where another process has made it. */
  async createCollection(name: string): Promise<void> {
    try {
      await this.withTimeout(this.shared.client.db(this.name, MAJORITY).createCollection(name));
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== NAMESPACE_EXISTS) throw error;
    }
  }

  /** The names of all collections of the database. */
  async collectionNames(): Promise<readonly string[]> {
    const found = this.shared.client.db(this.name, MAJORITY).listCollections({}, { nameOnly: true });
    return (await this.withTimeout(found.toArray())).map(({ name }) => name);
  }

  /** The collection, for a single call: the next call may have to use a newer client. */
  collection<Row extends Document>(name: string): Collection<Row> {
    return this.shared.client.db(this.name, MAJORITY).collection<Row>(name, { promoteBuffers: true });
  }

  /**
   * The result of a call.
   * @param timeout milliseconds
   * @throws StoreUnavailable on a timeout and on transient errors; the outcome of a write is then unknown
   */
  async withTimeout<T>(call: Promise<T>, timeout = TIMEOUT): Promise<T> {
    const { promise: timedOut, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new StoreUnavailable(`MongoDB 在 ${timeout} 毫秒内没有应答：请检查服务器和 READ_MODELS_URL`)), timeout);
    try {
      return await Promise.race([call, timedOut]);
    } catch (error) {
      if (error instanceof MongoServerSelectionError) this.replaceClient();
      throw isTransient(error) ? new StoreUnavailable(`MongoDB 现在无法使用，请检查服务器和 READ_MODELS_URL：${error.message}`, { cause: error }) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last user of the URL closes the client. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    if (--this.shared.users > 0) return;
    sharedByUrl.delete(this.url);
    await this.shared.client.close();
  }

  /**
   * Replaces a client that finds no server, because the fault may be its own: when a connection is cut just as the driver's monitor
   * (7.9) starts a check, it waits for the answer for ever.
   */
  private replaceClient(): void {
    const { shared } = this;
    if (!this.open || performance.now() - shared.since < SERVER_SELECTION_TIMEOUT) return; // the error came from a client that was replaced already
    const old = shared.client;
    shared.client = clientOf(this.url);
    shared.since = performance.now();
    log.warn({ database: this.name }, 'no server of MongoDB was found; the client was replaced');
    old.close().catch((error: unknown) => log.warn({ err: error }, 'a client of MongoDB could not be closed'));
  }
}

function clientOf(url: string): MongoClient {
  return new MongoClient(url, {
    appName: 'personal-centre',
    ignoreUndefined: true, // it would be stored as null
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT,
    connectTimeoutMS: SERVER_SELECTION_TIMEOUT,
    waitQueueTimeoutMS: TIMEOUT,
    socketTimeoutMS: SOCKET_TIMEOUT,
  });
}

function databaseIn(url: string): string {
  const path = /^[^:]+:\/\/[^/?]*\/([^?]+)/.exec(url)?.[1];
  return path === undefined ? DATABASE : decodeURIComponent(path);
}

/** Codes of a socket whose other end is gone. */
const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

function isTransient(error: unknown): error is Error {
  // the driver passes an error of the socket on as it is when a write fails
  if (error instanceof Error && 'syscall' in error && RESET.has(errorCode(error) ?? '')) return true;
  if (error instanceof MongoNetworkError || error instanceof MongoSystemError) return true;
  if (CLOSED_CLIENT_ERRORS.some((kind) => error instanceof kind)) return true;
  if (error instanceof MongoDriverError) return UNEXPORTED_CLASSES.has(error.name);
  return error instanceof MongoServerError && TRANSIENT.has(error.code);
}

/** Whether duplicate keys are the only error. An unordered bulk has then written everything else. */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  if (!(error instanceof MongoBulkWriteError)) return true;
  return !error.result.getWriteConcernError() && [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
}

/** Whether a collection does not exist: MongoDB creates it with the first document or index. */
export function isMissingCollection(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND;
}
