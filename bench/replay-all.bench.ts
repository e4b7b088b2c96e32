import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { LARGEST } from './largest-read-model.js';
import { type Finding, quantile, rounds, scratchFolder } from './measure.js';
import { centre, importFolder } from './processes.js';
import { medianOf, rebuild, runReplayTask, timeOf } from './rebuild-runs.js';
import { measureDuring, measureRepeatedly, measureRequests, percentiles } from './request-times.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { waitUntilShown } from './wait-until-shown.js';

const CANDIDATES = 20_000;
const ROUNDS = 3;
const PER_SECOND = 200;
/** Seconds of one measurement, several of which fit into a rebuild. */
const SECONDS = 3;
/** How much another read model may add to the time of the first. */
const EACH_FURTHER = 0.65;

/** Rebuilding all read models of an imported cohort in one pass: its time compared with one alone, and how it slows pages. */
export async function* replayAll(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  const { recorded } = await importFolder(batch, dataDir);
  const measured = await rounds(ROUNDS, { one: () => rebuild(dataDir, 'one'), all: () => rebuild(dataDir, 'all') });
  const [one, all] = [medianOf(measured.one), medianOf(measured.all)];
  const made = all.builds.filter(({ documents }) => documents > 0);
  const further = made.filter(({ documents }) => documents >= CANDIDATES).length - 1;
  yield {
    what: `all read models in one pass over ${recorded} events, against ${LARGEST.name} alone; ${further} others have as many documents`,
    figures: [`all: ${timeOf(all)}`, `one: ${timeOf(one)}`, made.map(({ name, documents }) => `${name} ${documents}`).join(', ')],
    value: all.seconds / one.seconds,
    aim: { most: 1 + EACH_FURTHER * further },
  };
  yield* pagesMeanwhile(dataDir);
  await rm(folder, { recursive: true });
}

async function* pagesMeanwhile(dataDir: string): AsyncGenerator<Finding> {
  const { address, stop } = await centre(dataDir);
  await waitUntilShown(dataDir);
  const cookies = sessionsOf(await candidateIds(dataDir, CANDIDATES));
  const asked = () => measureRequests({ url: address, path: '/center', cookies, perSecond: PER_SECOND, seconds: SECONDS });
  await asked(); // warms up
  const idle: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(...(await measureRepeatedly(asked, 3)));
    busy.push(...(await measureDuring(asked, runReplayTask({ kind: 'rebuild', dataDir, readModels: 'all' }))).times);
    await waitUntilShown(dataDir);
  }
  await stop();
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while all read models are rebuilt, against idle`,
    figures: [`idle: ${percentiles(idle)}`, `meanwhile: ${percentiles(busy)}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 1.5 },
  };
}
