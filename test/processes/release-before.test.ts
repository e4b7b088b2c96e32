import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { knownProjections } from '../../src/composition/known/projections.js';
import { newestVersions } from '../../src/read-models/projecting/new-versions.js';
import { nameOf } from '../../src/read-models/projection.js';
import { jsonOf } from '../cli/run.js';
import { told } from '../cli/told.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, ready, signIn } from './centre-process.js';

const FIXTURE = fileURLToPath(new URL('../fixtures/release-before/', import.meta.url));
const ACCOUNT = '110000000001';
const PASSWORD = 'zikao-demo-1';

function unpacked(): string {
  const data = folder();
  for (const name of readdirSync(FIXTURE)) {
    const bytes = readFileSync(FIXTURE + name);
    if (name.endsWith('.gz')) writeFileSync(join(data, name.slice(0, -3)), gunzipSync(bytes), { mode: 0o600 });
    else if (name === 'master-key') writeFileSync(join(data, name), bytes, { mode: 0o600 });
  }
  return data;
}

const newest = newestVersions(knownProjections).map(nameOf);

/** Projections that this release changed are built beside the served builds, and nothing else can be built or verified meanwhile. */
async function built(data: string): Promise<void> {
  await until('all builds to be at the end of the log', async () => {
    const { builds } = jsonOf(await told(['projections', '--json'], { DATA_DIR: data })) as {
      builds: readonly { readonly build: string; readonly state: string; readonly behind: number | null }[];
    };
    const isMade = (name: string) => builds.some(({ build }) => build.startsWith(name));
    return newest.every(isMade) && builds.every(({ state, behind }) => state === 'current' && behind === 0);
  });
}

it('A data folder of the release before is served, verified, replayed and compared without a difference', async () => {
  const data = unpacked();
  const centre = new CentreProcess({ DATA_DIR: data });
  const { address } = await centre.started();
  await ready(address);
  const cookie = await signIn(address, ACCOUNT, PASSWORD);
  for (const path of ['', '/profile', '/majors', '/courses', '/exam', '/results', '/bills', '/payments', '/declarations', '/status', '/notices', '/account']) {
    const { status, body } = await ask(address, `/center${path}`, { cookie });
    expect([path, status, body.includes('</html>')]).toEqual([path, 200, true]);
  }
  await built(data);
  expect(await told(['verify'], { DATA_DIR: data })).toMatchObject({ code: 0 });

  const replayed = await told(['replay', '--all', '--diff', '--json'], { DATA_DIR: data });
  expect(replayed).toMatchObject({ code: 0 });
  const { differences } = jsonOf(replayed) as { differences: readonly Record<string, { readonly documents: number }>[] };
  expect(differences.length).toBeGreaterThan(15);
  for (const { one, added, removed, changed } of differences) expect([one, added?.documents, removed?.documents, changed?.documents]).toEqual([one, 0, 0, 0]);
  await built(data); // switched to by hand
  expect(await told(['verify'], { DATA_DIR: data })).toMatchObject({ code: 0 });
  expect((await centre.kill('SIGTERM')).code).toBe(0);
}, 300_000);
