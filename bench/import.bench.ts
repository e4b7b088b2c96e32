import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, said, scratch } from './measure.js';
import { type Imported, imported } from './processes.js';

const FEW = 10_000;
const MANY = 100_000;

/** How fast a folder of files comes in, and whether the memory that it takes depends on the size of the files. */
export async function* imports(): AsyncGenerator<Finding> {
  const few = await importOf(FEW);
  const many = await importOf(MANY);
  yield rate(few, FEW);
  yield rate(many, MANY);
  yield {
    what: `the memory that an import of ${MANY} candidates takes, against ${FEW}`,
    figures: [`peak at ${FEW}: ${said(few.peak, 'MiB')}`, `peak at ${MANY}: ${said(many.peak, 'MiB')}`],
    value: many.peak / few.peak,
    aim: { most: 1.2 },
  };
}

async function importOf(candidates: number): Promise<Imported> {
  const folder = await scratch();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates });
  const outcome = await imported(batch, dataDir);
  await rm(folder, { recursive: true });
  return outcome;
}

function rate({ rows, recorded, seconds }: Imported, candidates: number): Finding {
  return {
    what: `rows a second of an import of ${candidates} candidates, from the start of its process to its end`,
    figures: [`${rows} rows, ${recorded} events in ${said(seconds, 's')}`, `${said(recorded / seconds, 'events/s')}`],
    value: rows / seconds,
    unit: 'rows/s',
    aim: { least: 20_000 },
  };
}
