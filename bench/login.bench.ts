import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { verify } from '@node-rs/argon2';
import { hashPassword } from '../src/identity/passwords/password-hash.js';
import { admissionNo, writeBatch } from '../test/imports/batch.js';
import { type Finding, formatted, median, quantile, rounds, scratchFolder } from './measure.js';
import { centre, importFolder } from './processes.js';
import { measureRepeatedly, measureRequests, percentiles } from './request-times.js';
import { candidateIds, sessionsOf } from './sessions.js';
import { waitUntilShown } from './wait-until-shown.js';

const CANDIDATES = 1_000;
const PASSWORD = 'of-this-benchmark';
const PER_SECOND = 50;
/** Seconds of one measurement. */
const SECONDS = 8;
const ROUNDS = 60;
/** Half of the cores, as in the centre, whose thread pool allows at most three. */
const CORES = Math.max(1, Math.min(3, Math.floor(availableParallelism() / 2)));
/** Concurrent logins: enough that some always wait, since a wrong password is answered after at least 0.7 s. */
const AT_ONCE = CORES * 100;

/** Signing in: how close to argon2's own speed it comes, how it slows pages, and whether its time reveals an account. */
export async function* logins(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [batch, dataDir] = [join(folder, 'batch'), join(folder, 'data')];
  await mkdir(dataDir);
  await writeBatch(batch, { candidates: CANDIDATES, password: PASSWORD });
  await hashIn(join(batch, 'candidates.csv'));
  await importFolder(batch, dataDir);
  const { address, stop } = await centre(dataDir, { TRUST_PROXY: '1' });
  await waitUntilShown(dataDir);
  const ids = await candidateIds(dataDir, CANDIDATES);
  const asked = () => measureRequests({ url: address, path: '/center', cookies: sessionsOf(ids), perSecond: PER_SECOND, seconds: SECONDS });
  await asked(); // warms up
  const idle = await measureRepeatedly(asked, 2);
  const busy: number[] = [];
  const { bare, reached } = await rounds(3, {
    bare: bareRate,
    reached: async () => {
      const flood = logInFor(address, SECONDS * 1_000);
      busy.push(...(await asked()));
      return flood;
    },
  });
  yield {
    what: `logins/s with ${AT_ONCE} at once, against argon2 alone on ${CORES} ${CORES === 1 ? 'core' : 'cores'}`,
    figures: [
      `argon2 alone: ${bare.map((rate) => formatted(rate, '/s')).join(', ')}`,
      `logins: ${reached.map((rate) => formatted(rate, '/s')).join(', ')}; ${PER_SECOND} pages/s meanwhile`,
    ],
    value: median(reached) / median(bare),
    aim: { least: 0.8 },
  };
  yield {
    what: `99th percentile of ${PER_SECOND} requests/s for 首页 while logins run at that rate, against idle`,
    figures: [`idle: ${percentiles(idle)}`, `while logging in: ${percentiles(busy)}`],
    value: quantile(busy, 0.99) / quantile(idle, 0.99),
    aim: { most: 3 },
  };
  let tried = 0;
  const timed = (account: (at: number) => string) => async () => {
    const begun = performance.now();
    await logIn(address, account(tried), ++tried);
    return performance.now() - begun;
  };
  const { known, unknown } = await rounds(ROUNDS, { known: timed(admissionNo), unknown: timed((at) => String(990_000_000_000 + at)) });
  await stop();
  await rm(folder, { recursive: true });
  yield {
    what: 'median time of a login with an unknown number against one with a known number, both with a wrong password',
    figures: [`known: ${formatted(median(known), 'ms')}`, `unknown: ${formatted(median(unknown), 'ms')}`],
    value: Math.abs(median(unknown) / median(known) - 1),
    aim: { most: 0.05 },
  };
}

/** A centre in production accepts only hashes; the whole batch has the same. */
async function hashIn(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll(`{plain}${PASSWORD}`, `"{argon2id}${await hashPassword(PASSWORD)}"`));
}

/** Checks per second on as many threads as the centre uses. */
async function bareRate(): Promise<number> {
  const kept = await hashPassword('the right one');
  const end = performance.now() + SECONDS * 500;
  const begun = performance.now();
  let checked = 0;
  await Promise.all(
    Array.from({ length: CORES }, async () => {
      while (performance.now() < end) {
        await verify(kept, 'a wrong one');
        checked += 1;
      }
    }),
  );
  return (checked / (performance.now() - begun)) * 1_000;
}

/** Tries wrong passwords from changing addresses, so that no rate limit applies. Returns how many per second were checked. */
async function logInFor(address: string, milliseconds: number): Promise<number> {
  const begun = performance.now();
  let tried = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() - begun < milliseconds) await logIn(address, admissionNo(tried % CANDIDATES), ++tried);
    }),
  );
  return (tried / (performance.now() - begun)) * 1_000;
}

async function logIn(address: string, account: string, at: number): Promise<void> {
  const answer = await fetch(`${address}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}` },
    body: new URLSearchParams({ account, password: 'a wrong one' }),
  });
  await answer.text();
  if (answer.status !== 422) throw new Error(`a login was answered with ${answer.status}`);
}
