import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import { knownEvents } from '../src/composition/known/events.js';
import { knownProjections } from '../src/composition/known/projections.js';
import { type Recorded, START } from '../src/event-store/event.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { type DocumentRow, documentIn, rowOf } from '../src/read-models/mongodb/rows.js';
import { EventRouting, keyOf } from '../src/read-models/projecting/event-routing.js';
import { foldDocument } from '../src/read-models/projecting/fold-document.js';
import type { Projection } from '../src/read-models/projection.js';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, median, rounds, scratchFolder } from './measure.js';
import { importFolder } from './processes.js';

const CANDIDATES = 2_000;
const ROUNDS = 9;
const PAGE = 5_000;

interface Kept {
  readonly projection: Projection;
  readonly key: string;
  readonly document: unknown;
}

/** Seconds that it takes to write and to read all documents. */
interface Took {
  readonly encoding: number;
  readonly decoding: number;
  readonly bytes: number;
}

/** What it costs the driver's side to keep documents in MongoDB as fields with types, against JSON as text; no server is asked. */
export async function* bson(): AsyncGenerator<Finding> {
  const kept = await documents();
  const texts = kept.map((each) => ({ ...each, projection: { ...each.projection, asText: true } as const }));
  const took = await rounds(ROUNDS, { fields: async () => passes(kept), text: async () => passes(texts) });
  const [fields, text] = [middle(took.fields), middle(took.text)];
  const figures = (name: string, { encoding, decoding, bytes }: Took) =>
    `${name}: encoded ${formatted(kept.length / encoding, 'documents/s')}, decoded ${formatted(kept.length / decoding, 'documents/s')}, ${formatted(bytes / kept.length, 'bytes')} each`;
  yield {
    what: `encoding and decoding ${kept.length} documents as fields of BSON with types, against JSON as text in one`,
    figures: [
      figures('fields', fields),
      figures('text', text),
      `encoding ${formatted(fields.encoding / text.encoding)}, decoding ${formatted(fields.decoding / text.decoding)}`,
    ],
    value: (fields.encoding + fields.decoding) / (text.encoding + text.decoding),
    aim: { most: 4 },
  };
}

function passes(kept: readonly Kept[]): Took {
  const begun = performance.now();
  const rows = kept.map(({ projection, key, document }) =>
    BSON.serialize(rowOf(projection, key, { position: '00000001', document }), { ignoreUndefined: true }),
  );
  const encoded = performance.now();
  for (const [at, row] of rows.entries()) documentIn(kept[at]?.projection as Projection, BSON.deserialize(row, { promoteBuffers: true }) as DocumentRow);
  const decoded = performance.now();
  return { encoding: (encoded - begun) / 1_000, decoding: (decoded - encoded) / 1_000, bytes: rows.reduce((bytes, { length }) => bytes + length, 0) };
}

function middle(took: readonly Took[]): Took {
  const of = (name: keyof Took) => median(took.map((each) => each[name]));
  return { encoding: of('encoding'), decoding: of('decoding'), bytes: of('bytes') };
}

/** The documents of an import, in all read models. */
async function documents(): Promise<readonly Kept[]> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  await importFolder(batch, dataDir);
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  const log: Recorded[] = [];
  for (let position = START, end = false; !end; ) {
    const page = await events.read(position, PAGE);
    log.push(...page.events);
    ({ position, end } = page);
  }
  await events.close();
  await rm(folder, { recursive: true });
  return knownProjections.flatMap((projection) => {
    const routing = new EventRouting([projection]);
    const handled = log.filter((event) => routing.projectionsOf(event).length > 0);
    const byKey = Map.groupBy(handled, (event) => keyOf(projection, event));
    return Array.from(byKey).flatMap(([key, own]): readonly Kept[] => {
      const document = key === undefined ? undefined : foldDocument(projection, undefined, own).after?.document;
      return key === undefined || document == null ? [] : [{ projection, key, document: JSON.parse(JSON.stringify(document)) }];
    });
  });
}
