import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, median, scratchFolder } from './measure.js';
import { importFolder, runCommand } from './processes.js';

const CANDIDATES = 220_000;
/** Those with one document for each candidate. */
const READ_MODELS = ['candidate', 'sittings', 'bills', 'declarations', 'applications', 'sign-ins'];
const ROUNDS = 5;
/** Seconds. */
const AIM = 2;

/** The time of `verify --quick` for a centre of that size. Documents are only counted, since it reads none. */
export async function* verifying(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: 20 });
  await importFolder(batch, dataDir);
  await runCommand(['catch-up', '--json'], dataDir);
  const small = await seconds(dataDir);
  const documents = await fill(dataDir);
  const large = await seconds(dataDir);
  yield {
    what: `verify --quick of ${documents} documents of ${CANDIDATES} candidates, from the start of its process to its end, against ${AIM} s`,
    figures: [`${formatted(large, 's')}; of 20 candidates ${formatted(small, 's')}`],
    value: large / AIM,
    aim: { most: 1 },
  };
}

async function seconds(dataDir: string): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) took.push((await runCommand(['verify', '--quick', '--json'], dataDir)).seconds);
  return median(took);
}

/** Adds empty documents under keys of their own to each read model, and updates the stored number of documents. */
async function fill(dataDir: string): Promise<number> {
  const db = new DatabaseSync(join(dataDir, 'read-models.sqlite'));
  let documents = 0;
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?`);
  for (const readModel of READ_MODELS) {
    const { name } = tables.get(`${readModel}@[0-9]`) as { name: string };
    db.exec(`
      WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ${CANDIDATES})
      INSERT INTO "${name}" (key, position, document) SELECT printf('%08x-0000-4000-8000-%012x', number, number), '0', '{}' FROM numbers;
      UPDATE document_counts SET documents = (SELECT count(*) FROM "${name}") WHERE read_model = '${name}';
    `);
    documents += CANDIDATES;
  }
  db.close();
  return documents;
}
