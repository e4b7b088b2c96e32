import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { knownProjections } from '../src/composition/known/projections.js';
import { type Position, START } from '../src/event-store/event.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { Projector } from '../src/read-models/projecting/projector.js';
import { nameOf } from '../src/read-models/projection.js';
import type { Lease, ProjectedBatch } from '../src/read-models/read-models.js';
import { SqliteProjectionStore } from '../src/read-models/sqlite/projection-store.js';
import { makeTable, openReadModelsFile, tableOf } from '../src/read-models/sqlite/tables.js';
import { arrayQuery } from '../src/sqlite/query.js';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, median, rounds, scratchFolder, secondsOf } from './measure.js';
import { importFolder } from './processes.js';

const CANDIDATES = 20_000;
const ROUNDS = 5;
/** Events of one batch, as the projector reads them while it catches up. */
const BATCH = 2_000;

/** A document after a batch: the index of its read model in knownProjections, its key, its position, itself. */
type Put = readonly [place: number, key: string, position: Position, document: unknown];

/** The projector's catch-up on empty read models, compared with the unavoidable work. */
export async function* projector(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir, puts] = [join(folder, 'batch'), join(folder, 'data'), join(folder, 'puts')];
  await mkdir(dataDir);
  await mkdir(puts);
  await writeBatch(batch, { candidates: CANDIDATES });
  const fed = await importFolder(batch, dataDir);
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  const fresh = () => join(folder, `${randomUUID()}.sqlite`);
  await catchUp(events, new KeepingPuts(fresh(), puts)); // also warms up
  const { projecting, bare } = await rounds(ROUNDS, {
    projecting: () => catchUp(events, new SqliteProjectionStore(fresh())),
    bare: () => readGetPut(events, fresh(), puts),
  });
  const recorded = Number(await events.head());
  await events.close();
  await rm(folder, { recursive: true });
  const [seconds, least] = [median(projecting), median(bare)];
  yield {
    what: `catch-up of the projector over ${recorded} events of ${CANDIDATES} candidates, against a decoded read with one get and one put a document and batch`,
    figures: [`projector: ${formatted(seconds, 's')}`, `read, get and put: ${formatted(least, 's')}`],
    value: seconds / least,
    aim: { most: 1.3 },
  };
  yield {
    what: 'events a second of the projector, against those that an import records',
    figures: [`projector: ${formatted(recorded / seconds, 'events/s')}`, `import: ${formatted(fed.recorded / fed.seconds, 'events/s')}`],
    value: recorded / seconds / (fed.recorded / fed.seconds),
    aim: { least: 1 },
  };
}

/** Seconds that a projector takes to reach the end of the log. */
async function catchUp(events: SqliteEventStore, store: SqliteProjectionStore): Promise<number> {
  const stopping = new AbortController();
  const report = ({ state }: { readonly state: string }) => {
    if (state === 'live') stopping.abort();
  };
  const seconds = await secondsOf(() => new Projector(events, store, knownProjections, { holder: randomUUID(), report, batch: BATCH }).run(stopping.signal));
  await store.close();
  return seconds;
}

/** Stores what the projector writes, in a file for each batch. */
class KeepingPuts extends SqliteProjectionStore {
  private batches = 0;

  constructor(
    file: string,
    private readonly folder: string,
  ) {
    super(file);
  }

  override async write(lease: Lease, batches: readonly ProjectedBatch[]): Promise<void> {
    await super.write(lease, batches);
    const puts = batches.flatMap(({ projection, documents }) =>
      [...documents].map(([key, { position, document }]): Put => [knownProjections.indexOf(projection), key, position, document]),
    );
    await writeFile(fileOf(this.folder, this.batches++), JSON.stringify(puts));
  }
}

function fileOf(folder: string, batch: number): string {
  return join(folder, `${batch}.json`);
}

/**
 * Seconds that it takes to read the decoded log, and in the projector's batches to get each changed document (with parse) and put it
 * in its final form (with stringify), in one transaction. The final forms are given.
 */
async function readGetPut(events: SqliteEventStore, file: string, puts: string): Promise<number> {
  const db = openReadModelsFile(file);
  db.exec('PRAGMA wal_autocheckpoint = 4000');
  const tables = knownProjections.map((projection) => {
    makeTable(db, projection);
    const table = tableOf(projection);
    const put = db.prepare(
      `INSERT INTO ${table} (key, position, document) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, document = excluded.document`,
    );
    const get = arrayQuery<readonly [position: string, document: string | null]>(db, `SELECT position, document FROM ${table} WHERE key = ?`);
    return { name: nameOf(projection), get, put };
  });
  const checkpoint = db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position');
  let seconds = 0;
  let position = START;
  for (let batch = 0, end = false; !end; batch++) {
    const changed = JSON.parse(await readFile(fileOf(puts, batch), 'utf8')) as readonly Put[];
    seconds += await secondsOf(async () => {
      ({ position, end } = await events.read(position, BATCH));
      db.exec('BEGIN IMMEDIATE');
      const found = changed.map(([place, key]) => {
        const row = tables[place]?.get.get(key);
        return row?.[1] ? JSON.parse(row[1]) : undefined;
      });
      if (found.length !== changed.length) throw new Error('a document was not asked for');
      for (const [place, key, at, document] of changed) tables[place]?.put.run(key, at, document === null ? null : JSON.stringify(document));
      for (const { name } of tables) checkpoint.run(name, position, null);
      db.exec('COMMIT');
    });
  }
  db.close();
  return seconds;
}
