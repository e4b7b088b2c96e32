import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import { sittings } from '../../projections/sittings.js';
import type { Recorded } from '../../src/event-store/event.js';
import { knownFingerprints } from '../../src/read-models/fingerprints.js';
import { checkpointAfter } from '../../src/read-models/projecting/batch-fold.js';
import { type Projection, projectionOf } from '../../src/read-models/projection.js';
import type { Stored } from '../../src/read-models/read-models.js';
import { type Registry, withBuild } from '../../src/read-models/registry.js';
import { until } from '../until.js';
import { foldEvents } from './fold-events.js';
import { marked, PageReads } from './page-reads.js';
import { describeSoakWithMongodb, roundsOf, soak, soakOnMongodb, timeoutFor } from './rounds.js';
import type { SoakedCentre } from './soaked-centre.js';

const HERE = 'sittings@2';
const THERE = 'sittings@2-2';

/** Milliseconds: while the command line starts, and while its request is processed. */
const STARTING = 3_000;
const DOING = 1_500;

describe('A switch whose processes are killed by SIGKILL', () => {
  const rounds = roundsOf(1);
  it.concurrent(
    'A switch whose processes are killed by SIGKILL is done or not, can be repeated, and no page reads both builds',
    () => soak('killed switch', rounds, switched),
    timeoutFor(rounds),
  );
});

describeSoakWithMongodb('A switch on MongoDB whose processes are killed by SIGKILL', () => {
  const rounds = roundsOf(1, 0.1);
  it.concurrent(
    'A switch on MongoDB whose processes are killed by SIGKILL is done or not, can be repeated, and no page reads both builds',
    () => soakOnMongodb('killed switch', rounds, switched),
    timeoutFor(rounds),
  );
});

async function switched(centre: SoakedCentre, random: Random): Promise<string> {
  await centre.commands.burst(40, 800);
  const documents = await twoBuilds(centre);
  centre.commands.begin();
  const one = centre.projector();
  await one.atWork();
  const first = await centre.builds.registry();
  const reads = new PageReads(centre, documents, random);
  reads.begin();
  centre.atTheEnd(() => reads.end());

  const asking = centre.ask('switch', 'sittings');
  const asked = random.chance(60);
  if (asked) await until('the request', async () => (await centre.builds.registry()).revision > first.revision);
  const after = random.between(0, asked ? DOING : STARTING);
  await pause(after);
  const victim = random.pick(['the projector', 'the command line', 'both'] as const);
  if (victim !== 'the command line') await one.kill();
  if (victim !== 'the projector') asking.kill();
  const between = await centre.builds.registry();
  expectWhole(between, first);

  // who got no answer asks again
  const heard = [await centre.ask('switch', 'sittings').ended];
  if (victim === 'the projector') heard.push(await asking.ended);
  for (const { code, stdout, stderr } of heard) expect(code === 0 ? stdout : stderr).toMatch(code === 0 ? `现在使用 ${THERE}` : /已经在使用|没有更新的版本/);
  expectWhole(await centre.builds.registry(), first, THERE);

  const other = victim === 'the command line' ? one : centre.projector();
  await other.atWork();
  expect(await centre.ask('rollback', 'sittings').ended).toMatchObject({ code: 0 });
  expectWhole(await centre.builds.registry(), first, HERE);
  await reads.end();
  expect(reads.wrong).toEqual([]);
  await centre.expectAllRight();
  expect(other.faults).toEqual([]);
  expect(await other.end()).toBe(0);
  const when = `${victim} killed ${after} ms after it was ${asked ? 'asked' : 'started'}`;
  return `${when}, ${between.serving.sittings === HERE ? 'before' : 'after'} the switch; ${reads.pages} pages read`;
}

/** Makes two builds of the sittings from the log, as rebuilds do; each document names its build. */
async function twoBuilds(centre: SoakedCentre): Promise<ReadonlyMap<string, Stored>> {
  const log = await centre.log();
  const documents = await foldEvents(sittings as Projection, log);
  for (const name of [HERE, THERE]) {
    const build = {
      name,
      readModel: sittings.name,
      version: sittings.version,
      form: 'fields' as const,
      fingerprint: knownFingerprints().of(sittings as Projection),
      begun: new Date().toISOString(),
    };
    const projection = projectionOf([sittings as Projection], build) as Projection;
    const filled = new Map([...documents].map(([key, { position, document }]) => [key, { position, document: marked(document, name) }]));
    await centre.builds.prepare(projection);
    await centre.builds.fill(projection, filled, []);
    await centre.builds.complete(projection, checkpointAfter(log.at(-1) as Recorded));
    await centre.builds.change((registry) => withBuild(registry, { ...build, state: 'current' }));
    centre.filled.set(name, filled);
  }
  return documents;
}

/** Checks that nothing of the registry is lost, and that only the pointer changed. */
function expectWhole(registry: Registry, first: Registry, served?: string): void {
  const { revision, builds, serving, before, requests } = registry;
  expect(revision).toBeGreaterThanOrEqual(first.revision);
  expect(builds.map(({ left: _, ...build }) => build)).toEqual(first.builds);
  const there = serving[sittings.name];
  expect(served === undefined ? [HERE, THERE] : [served]).toContain(there);
  expect(serving).toEqual({ ...first.serving, [sittings.name]: there });
  const left = builds.filter(({ left }) => left !== undefined).map(({ name }) => name);
  if (Object.keys(before).length === 0) expect({ there, left }).toEqual({ there: HERE, left: [] });
  else expect({ before, left }).toEqual({ before: { [sittings.name]: there === HERE ? THERE : HERE }, left: [there === HERE ? THERE : HERE] });
  expect(requests.filter(({ outcome }) => outcome?.done).length).toBe(Object.keys(before).length === 0 ? 0 : there === HERE ? 2 : 1);
}
