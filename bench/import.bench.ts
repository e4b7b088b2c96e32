import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, scratchFolder } from './measure.js';
import { type ImportRun, importFolder } from './processes.js';

const FEW = 10_000;
const MANY = 100_000;

/** The speed of an import, and whether its memory depends on the size of the files. */
export async function* imports(): AsyncGenerator<Finding> {
  const few = await importOf(FEW);
  const many = await importOf(MANY);
  yield rate(few, FEW);
  yield rate(many, MANY);
  yield {
    what: `the memory that an import of ${MANY} candidates takes, against ${FEW}`,
    figures: [`peak at ${FEW}: ${formatted(few.peak, 'MiB')}`, `peak at ${MANY}: ${formatted(many.peak, 'MiB')}`],
    value: many.peak / few.peak,
    aim: { most: 1.2 },
  };
}

async function importOf(candidates: number): Promise<ImportRun> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates });
  const outcome = await importFolder(batch, dataDir);
  await rm(folder, { recursive: true });
  return outcome;
}

function rate({ rows, recorded, seconds }: ImportRun, candidates: number): Finding {
  return {
    what: `rows a second of an import of ${candidates} candidates, from the start of its process to its end`,
    figures: [`${rows} rows, ${recorded} events in ${formatted(seconds, 's')}`, `${formatted(recorded / seconds, 'events/s')}`],
    value: rows / seconds,
    unit: 'rows/s',
    aim: { least: 20_000 },
  };
}
