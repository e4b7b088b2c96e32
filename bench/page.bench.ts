import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBatch } from '../test/imports/batch.js';
import type { Load, LoadResult } from './load.js';
import { type Finding, formatted, median, rounds, scratchFolder } from './measure.js';
import { askProcess, centre, importFolder, type RunningServer, server } from './processes.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { waitUntilShown } from './wait-until-shown.js';

const CANDIDATES = 2_000;
const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 16;
const PAGES = [
  { name: '首页', address: '/center', bare: '/home' },
  { name: '当期成绩', address: '/center/results', bare: '/results' },
];

/** Requests per second for pages of many candidates with sessions, compared with a bare server that shows the same. */
export async function* page(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES });
  await importFolder(batch, dataDir);
  const ours = await centre(dataDir);
  await waitUntilShown(dataDir);
  const bare = await server(new URL('./bare.server.js', import.meta.url), dataDir);
  const ids = await candidateIds(dataDir, CANDIDATES);
  for (const { name, address, bare: bareAddress } of PAGES) {
    await showTheSame(`${ours.address}${address}`, `${bare.address}${bareAddress}`, ids.slice(0, 20));
    // all rounds take less than the minute after which a cookie is renewed
    const centreLoad = new Loading(
      ours,
      sessionsOf(ids).map((cookie) => ({ path: address, headers: { cookie } })),
    );
    const bareLoad = new Loading(
      bare,
      ids.map((id) => ({ path: `${bareAddress}/${id}` })),
    );
    const both = { centreRate: () => centreLoad.rate(), bareRate: () => bareLoad.rate() };
    await rounds(1, both); // warms up
    const measured = await rounds(ROUNDS, both);
    const [reached, possible] = [median(measured.centreRate), median(measured.bareRate)];
    yield {
      what: `${name} with a session, against bare Fastify that reads and opens the same documents and renders the same template`,
      figures: [
        `the centre: ${formatted(reached, 'requests/s')}, ${formatted(centreLoad.least, 'ms')} of processor time each`,
        `bare Fastify: ${formatted(possible, 'requests/s')}, ${formatted(bareLoad.least, 'ms')} of processor time each`,
      ],
      value: reached / possible,
      aim: { least: 0.7 },
    };
  }
  await Promise.all([ours.stop(), bare.stop()]);
  await rm(folder, { recursive: true });
}

/** The rounds of load on one server. */
class Loading {
  /** Milliseconds of processor time for each request, in the best round, since other load only adds to it. */
  least = Number.POSITIVE_INFINITY;

  constructor(
    private readonly server: RunningServer,
    private readonly requests: Load['requests'],
  ) {}

  /** Requests a second in one round. */
  async rate(): Promise<number> {
    const before = this.server.worked();
    const load: Load = { url: this.server.address, connections: CONNECTIONS, seconds: SECONDS, requests: this.requests };
    const { perSecond, total, failed } = await askProcess<LoadResult>(new URL('./load.js', import.meta.url), load);
    if (failed > 0) throw new Error(`${failed} requests to ${load.url} failed`);
    this.least = Math.min(this.least, (this.server.worked() - before) / total);
    return perSecond;
  }
}

/** Both servers must answer the same page. */
async function showTheSame(ours: string, bare: string, ids: readonly string[]): Promise<void> {
  const cookies = sessionsOf(ids);
  for (const [at, id] of ids.entries()) {
    const [one, other] = await Promise.all([pageAt(ours, { cookie: cookies[at] ?? '' }), pageAt(`${bare}/${id}`, {})]);
    if (one !== other) throw new Error(`${ours} and ${bare} show different pages`);
  }
}

/** The page's HTML without the seconds left of its session. */
async function pageAt(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, { headers, redirect: 'error' });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.text()).replace(/data-seconds-left="\d+"/, '');
}
