import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { START } from '../src/event-store/event.js';
import type { EventStore } from '../src/event-store/event-store.js';
import { type DocumentRow, rowOf } from '../src/read-models/mongodb/rows.js';
import { foldDocument } from '../src/read-models/projecting/fold-document.js';
import { nameOf, type Projection } from '../src/read-models/projection.js';
import { SqliteBuildStore } from '../src/read-models/sqlite/build-store.js';
import { makeTable, openReadModelsFile, tableOf } from '../src/read-models/sqlite/tables.js';
import { arrayQuery } from '../src/sqlite/query.js';
import { secondsOf } from './measure.js';

/** What a rebuild is compared with: the unavoidable work, and the obvious implementation. */

/** The page size of everything that reads the whole log. */
const PAGE = 1_000;
/** Documents in one bulk of MongoDB. */
const BULK = 2_000;

/** Seconds that one thread takes to read the log without processing it. */
export function readAll(events: EventStore): Promise<number> {
  return secondsOf(async () => {
    for (let position = START, end = false; !end; ) ({ position, end } = await events.read(position, PAGE));
  });
}

/**
 * Seconds that it takes to fold a projection's first events into a SQLite file like that of the read models, with a transaction for
 * each event and its checkpoint: get, parse, fold, stringify, put.
 */
export async function foldEachByItself(events: EventStore, projection: Projection, file: string, most: number): Promise<number> {
  const db = openReadModelsFile(file);
  makeTable(db, projection);
  const table = tableOf(projection);
  const get = arrayQuery<readonly [position: string, document: string | null]>(db, `SELECT position, document FROM ${table} WHERE key = ?`);
  const put = db.prepare(
    `INSERT INTO ${table} (key, position, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document`,
  );
  const checkpoint = db.prepare(
    'INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, event_id = excluded.event_id',
  );
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const seconds = await secondsOf(async () => {
    let left = most;
    for (let position = START, end = false; !end && left > 0; ) {
      const page = await events.read(position, PAGE, { types: Object.keys(projection.on) });
      ({ position, end } = page);
      for (const event of page.events.slice(0, left)) {
        const key = projection.key(event);
        if (key === undefined || !(event.type in projection.on)) continue;
        begin.run();
        const row = get.get(key);
        const before = row && { position: row[0], document: row[1] === null ? null : JSON.parse(row[1]) };
        const document = foldDocument(projection, before, [event]).after?.document ?? null;
        put.run(key, event.position, document === null ? null : JSON.stringify(document));
        checkpoint.run(nameOf(projection), event.position, event.id);
        commit.run();
      }
      left -= page.events.length;
    }
    if (left > 0) throw new Error(`there are ${left} events too few`);
  });
  db.close();
  return seconds;
}

/** Seconds that the driver takes to insert a build's documents into a new collection of MongoDB, by one bulk after another. */
export async function insertByDriver(readModelsFile: string, projection: Projection, url: string): Promise<number> {
  const builds = new SqliteBuildStore(readModelsFile);
  const stored = await builds.scan(projection, undefined, await builds.count(projection));
  await builds.close();
  const rows = stored.map(({ key, position, document }) => rowOf(projection, key, { position, document }));
  const client = new MongoClient(url, { writeConcern: { w: 'majority', journal: true } });
  const database = client.db(`bench_${randomUUID()}`);
  const collection = database.collection<DocumentRow>(nameOf(projection));
  const seconds = await secondsOf(async () => {
    for (let from = 0; from < rows.length; from += BULK) {
      await collection.bulkWrite(
        rows.slice(from, from + BULK).map((document) => ({ insertOne: { document } })),
        { ordered: false },
      );
    }
  });
  await database.dropDatabase();
  await client.close();
  return seconds;
}

/** A benchmark's own database on a server. */
export class ScratchDatabase {
  readonly url: string;
  private readonly name = `bench_${randomUUID()}`;

  constructor(private readonly server: string) {
    const url = new URL(server);
    url.pathname = `/${this.name}`;
    this.url = url.href;
  }

  async drop(): Promise<void> {
    const client = new MongoClient(this.server);
    await client.db(this.name).dropDatabase();
    await client.close();
  }
}
