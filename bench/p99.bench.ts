import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { ask, askDuring, askSeveral, percentiles } from './asked.js';
import { type Finding, quantile, said, scratch } from './measure.js';
import { centre, imported } from './processes.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { allShown } from './shown.js';

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
  const before = await askSeveral(asked, 3);
  const { outcome, times: busy } = await askDuring(asked, imported(more, dataDir));
  await allShown(dataDir);
  const idle = [...before, ...(await askSeveral(asked, 3))];
  await stop();
  await rm(folder, { recursive: true });
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while an import of ${outcome.rows} rows runs, against idle`,
    figures: [`idle: ${percentiles(idle)}`, `while importing: ${percentiles(busy)}; ${said(outcome.rows / outcome.seconds, 'rows/s')}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 3 },
  };
}
