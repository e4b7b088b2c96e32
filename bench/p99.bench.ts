import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, quantile, said, scratch } from './measure.js';
import { answered, centre, imported } from './processes.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { allShown } from './shown.js';
import type { Answered, Steady } from './steady.js';

const CANDIDATES = 2_000;
/** Of the folder that is imported meanwhile. */
const MORE = 30_000;
const PER_SECOND = 200;
/** Of one measurement; several come while the import runs. */
const SECONDS = 5;

/** How long candidates wait for their page while a large folder is imported beside the serving centre, against when it is idle. */
export async function* p99(): AsyncGenerator<Finding> {
  const folder = await scratch();
  const [batch, more, dataDir] = [join(folder, 'batch'), join(folder, 'more'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  await writeBatch(more, { candidates: MORE });
  await imported(batch, dataDir);
  const { address, stop } = await centre(dataDir);
  await allShown(dataDir);
  const ids = await candidateIds(dataDir, CANDIDATES);
  const asked = () => ask({ url: address, path: '/center', cookies: sessionsOf(ids), perSecond: PER_SECOND, seconds: SECONDS });
  await asked(); // warms up
  const idle = await several(asked, 3);
  let importing = true;
  const importDone = imported(more, dataDir).finally(() => {
    importing = false;
  });
  const busy: number[] = [];
  while (importing) busy.push(...(await asked()));
  const { rows, seconds } = await importDone;
  await allShown(dataDir);
  idle.push(...(await several(asked, 3)));
  await stop();
  await rm(folder, { recursive: true });
  const shown = (times: readonly number[]) => [0.5, 0.9, 0.99].map((share) => said(quantile(times, share))).join(' / ');
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while an import of ${rows} rows runs, against idle`,
    figures: [`idle: ${shown(idle)} ms (50 / 90 / 99 %)`, `while importing: ${shown(busy)} ms; ${said(rows / seconds, 'rows/s')}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 3 },
  };
}

async function several(asked: () => Promise<readonly number[]>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) times.push(...(await asked()));
  return times;
}

/** How long each answer took, in ms. */
async function ask(steady: Steady): Promise<readonly number[]> {
  const { times, failed } = await answered<Answered>(new URL('./steady.js', import.meta.url), steady);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return times;
}
