import {
  type Collection,
  type Document,
  MongoBulkWriteError,
  MongoClient,
  MongoDriverError,
  MongoNetworkError,
  MongoServerError,
  MongoSystemError,
} from 'mongodb';
import { StoreUnavailable } from './event-store/append.js';

/** The database of a URL that names none. */
const DATABASE = 'personal_centre';

/** How long a page waits for an answer, in milliseconds: longer than a planned change of the primary takes. */
const PATIENCE = 5_000;

/** After which the driver gives a connection up, in milliseconds: longer than any call is waited for. */
const LONGEST_CALL = 60_000;

const DUPLICATE_KEY = 11_000;
const NO_COLLECTION = 26;

/** What a server says that is no primary any more, shuts down, is too slow or has no room: it passes, or a person mends it. */
const PASSING: ReadonlySet<unknown> = new Set([6, 7, 50, 64, 89, 91, 100, 133, 134, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031]);

/** One client for all who use a URL: each has connections and watches the servers. */
const clients = new Map<string, { readonly client: MongoClient; users: number }>();

/**
 * A database in MongoDB. It need not answer when it is opened, and is found again by itself after it was away.
 * Writes are acknowledged by the majority and journaled, reads are what the majority holds, from the primary: nothing
 * that was answered is taken back by an election.
 */
export class Mongodb {
  private open = true;

  private constructor(
    private readonly url: string,
    private readonly client: MongoClient,
    /** Of the database. */
    readonly name: string,
  ) {}

  /** The database that a URL names, or `personal_centre`. To be closed by who opens it. */
  static open(url: string): Mongodb {
    const shared = clients.get(url) ?? { client: clientOf(url), users: 0 };
    clients.set(url, shared);
    shared.users += 1;
    return new Mongodb(url, shared.client, databaseIn(url));
  }

  collection<Row extends Document>(name: string): Collection<Row> {
    return this.client.db(this.name).collection<Row>(name, { promoteBuffers: true });
  }

  /** The last who closes a URL ends its connections. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    const shared = clients.get(this.url);
    if (!shared || --shared.users > 0) return;
    clients.delete(this.url);
    await shared.client.close();
  }
}

function clientOf(url: string): MongoClient {
  return new MongoClient(url, {
    appName: 'personal-centre',
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    ignoreUndefined: true, // it would be stored as null
    serverSelectionTimeoutMS: PATIENCE,
    connectTimeoutMS: PATIENCE,
    waitQueueTimeoutMS: PATIENCE,
    socketTimeoutMS: LONGEST_CALL,
  });
}

function databaseIn(url: string): string {
  const path = /^[^:]+:\/\/[^/?]*\/([^?]+)/.exec(url)?.[1];
  return path === undefined ? DATABASE : decodeURIComponent(path);
}

/**
 * What a call answers.
 * @param patience milliseconds
 * @throws StoreUnavailable when there is no answer in time, no server, or one that cannot do it now; what became of a
 * write is unknown then
 */
export async function answerOf<T>(call: Promise<T>, patience = PATIENCE): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StoreUnavailable(`MongoDB has not answered for ${patience} ms`)), patience);
  try {
    return await Promise.race([call, over]);
  } catch (error) {
    throw isPassing(error) ? new StoreUnavailable(`MongoDB cannot be used now: ${error.message}`, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

function isPassing(error: unknown): error is Error {
  if (error instanceof MongoNetworkError || error instanceof MongoSystemError) return true;
  if (error instanceof MongoDriverError) return error.name === 'MongoWaitQueueTimeoutError'; // its class is not given out
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
