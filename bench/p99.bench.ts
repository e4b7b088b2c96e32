import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, quantile, scratchFolder } from './measure.js';
import { centre, importFolder } from './processes.js';
import { measureDuring, measureRepeatedly, measureRequests, percentiles } from './request-times.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { waitUntilShown } from './wait-until-shown.js';

const CANDIDATES = 2_000;
/** Candidates in the folder that is imported meanwhile. */
const MORE = 30_000;
const PER_SECOND = 200;
/** Seconds of one measurement, several of which fit into the import. */
const SECONDS = 5;

/** How long candidates wait for a page while a large folder is imported, compared with an idle centre. */
export async function* p99(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, more, dataDir] = [join(folder, 'batch'), join(folder, 'more'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  await writeBatch(more, { candidates: MORE });
  await importFolder(batch, dataDir);
  const { address, stop } = await centre(dataDir);
  await waitUntilShown(dataDir);
  const ids = await candidateIds(dataDir, CANDIDATES);
  const asked = () => measureRequests({ url: address, path: '/center', cookies: sessionsOf(ids), perSecond: PER_SECOND, seconds: SECONDS });
  await asked(); // warms up
  const before = await measureRepeatedly(asked, 3);
  const { outcome, times: busy } = await measureDuring(asked, importFolder(more, dataDir));
  await waitUntilShown(dataDir);
  const idle = [...before, ...(await measureRepeatedly(asked, 3))];
  await stop();
  await rm(folder, { recursive: true });
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while an import of ${outcome.rows} rows runs, against idle`,
    figures: [`idle: ${percentiles(idle)}`, `while importing: ${percentiles(busy)}; ${formatted(outcome.rows / outcome.seconds, 'rows/s')}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 3 },
  };
}
