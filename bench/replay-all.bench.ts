import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { ask, askDuring, askSeveral, percentiles } from './asked.js';
import { type Finding, quantile, rounds, scratch } from './measure.js';
import { ONE } from './one.js';
import { centre, imported } from './processes.js';
import { done, medianOf, rebuiltAnew, timeOf } from './rebuilt.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { allShown } from './shown.js';

const CANDIDATES = 20_000;
const ROUNDS = 3;
const PER_SECOND = 200;
/** Of one measurement; several come while a rebuild runs. */
const SECONDS = 3;
/** What another read model may add to the time of the first. */
const EACH_FURTHER = 0.65;

/** All read models of an imported cohort made anew in one pass: how much longer than one it takes, and what pages see of it. */
export async function* replayAll(): AsyncGenerator<Finding> {
  const folder = await scratch();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  const { recorded } = await imported(batch, dataDir);
  const measured = await rounds(ROUNDS, { one: () => rebuiltAnew(dataDir, 'one'), all: () => rebuiltAnew(dataDir, 'all') });
  const [one, all] = [medianOf(measured.one), medianOf(measured.all)];
  const made = all.builds.filter(({ documents }) => documents > 0);
  const further = made.filter(({ documents }) => documents >= CANDIDATES).length - 1;
  yield {
    what: `all read models in one pass over ${recorded} events, against ${ONE.name} alone; ${further} others have as many documents`,
    figures: [`all: ${timeOf(all)}`, `one: ${timeOf(one)}`, made.map(({ name, documents }) => `${name} ${documents}`).join(', ')],
    value: all.seconds / one.seconds,
    aim: { most: 1 + EACH_FURTHER * further },
  };
  yield* pagesMeanwhile(dataDir);
  await rm(folder, { recursive: true });
}

async function* pagesMeanwhile(dataDir: string): AsyncGenerator<Finding> {
  const { address, stop } = await centre(dataDir);
  await allShown(dataDir);
  const cookies = sessionsOf(await candidateIds(dataDir, CANDIDATES));
  const asked = () => ask({ url: address, path: '/center', cookies, perSecond: PER_SECOND, seconds: SECONDS });
  await asked(); // warms up
  const idle: number[] = [];
  const busy: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    idle.push(...(await askSeveral(asked, 3)));
    busy.push(...(await askDuring(asked, done({ kind: 'rebuild', dataDir, readModels: 'all' }))).times);
    await allShown(dataDir);
  }
  await stop();
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while all read models are rebuilt, against idle`,
    figures: [`idle: ${percentiles(idle)}`, `meanwhile: ${percentiles(busy)}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 1.5 },
  };
}
