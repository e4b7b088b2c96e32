import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { knownImportFiles } from '../src/composition/known/import-files.js';
import { openPreview } from '../src/composition/preview-stores.js';
import { openBatch } from '../src/imports/batch-folder.js';
import { checkFolder } from '../src/imports/check-folder.js';
import { ImportThreads } from '../src/imports/import-threads.js';
import { previewFolder } from '../src/imports/preview/preview-folder.js';
import { readSettings } from '../src/settings/settings.js';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, median, rounds, scratchFolder, secondsOf } from './measure.js';
import { importFolder } from './processes.js';
import { MASTER_KEY } from './sessions.js';

const CANDIDATES = 10_000;
const ROUNDS = 3;
/** One score in so many is another one. */
const CORRECTED = 20;

/** How much slower a dry run is that tells what would change than one that only checks. */
export async function* dryRuns(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  yield await compared(`a batch of ${CANDIDATES} candidates of whom nothing is recorded`, batch, dataDir);
  await importFolder(batch, dataDir);
  yield await compared(`a batch of ${CANDIDATES} candidates that is recorded already`, batch, dataDir);
  await correctScores(batch);
  yield await compared(`the same with one score in ${CORRECTED} corrected`, batch, dataDir);
  await rm(folder, { recursive: true });
}

async function compared(what: string, folder: string, dataDir: string): Promise<Finding> {
  const environment = { DATA_DIR: dataDir, MASTER_KEY };
  const stores = await openPreview(readSettings(environment));
  const workers = new ImportThreads({ ...process.env, ...environment });
  let rows = 0;
  const checkAlone = async () => {
    const batch = { ...(await openBatch(folder, knownImportFiles)), folder };
    const done = { handle: async () => undefined, report: async () => ({}) };
    ({ rows } = await checkFolder(batch, {}, stores.elsewhere, stores, workers, done));
  };
  try {
    await checkAlone(); // the threads' code is compiled
    await previewFolder(folder, {}, { ...stores, workers });
    const { alone, whole } = await rounds(ROUNDS, {
      alone: () => timed(checkAlone),
      whole: () => timed(() => previewFolder(folder, {}, { ...stores, workers })),
    });
    const of = (runs: readonly Timed[], what: keyof Timed) => median(runs.map((run) => run[what]));
    const said = (runs: readonly Timed[]) => `${formatted(of(runs, 'seconds'), 's')} (${formatted(of(runs, 'processor'), 's')} of processor)`;
    return {
      what: `rows a second of a dry run that tells what would change, against one that only checks: ${what}`,
      figures: [`${rows} rows in ${said(whole)}, checked alone in ${said(alone)}`],
      value: of(alone, 'seconds') / of(whole, 'seconds'),
      aim: { least: 0.8 },
    };
  } finally {
    await workers.close();
    await stores.close();
  }
}

interface Timed {
  readonly seconds: number;
  /** Of all threads. */
  readonly processor: number;
}

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const before = process.cpuUsage();
  const seconds = await secondsOf(work);
  const { user, system } = process.cpuUsage(before);
  return { seconds, processor: (user + system) / 1e6 };
}

async function correctScores(batch: string): Promise<void> {
  const file = join(batch, 'scores.csv');
  const lines = (await readFile(file, 'utf8')).split('\n');
  const corrected = lines.map((line, at) => (at % CORRECTED === 1 ? line.replace(/,(\d+),,$/, (_, score: string) => `,${(Number(score) + 1) % 101},,`) : line));
  await writeFile(file, corrected.join('\n'));
}
