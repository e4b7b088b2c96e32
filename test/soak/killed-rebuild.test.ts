import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import { projectionsFor } from '../../src/composition/known/projections.js';
import { until } from '../until.js';
import { describeSoakWithMongodb, roundsOf, soak, soakOnMongodb, timeoutFor } from './rounds.js';
import type { SoakedCentre } from './soaked-centre.js';

/** Milliseconds: while the command line starts, and while it rebuilds. */
const STARTING = 3_000;
const REBUILDING = 1_200;
/** How often a rebuild is killed at most. */
const MOST_KILLS = 3;

describe('A rebuild killed by SIGKILL', () => {
  const rounds = roundsOf(1);
  it.concurrent(
    'A rebuild killed by SIGKILL resumes when it is run again, and ends in the documents of the log',
    () => soak('killed rebuild', rounds, rebuilt),
    timeoutFor(rounds),
  );
});

describeSoakWithMongodb('A rebuild onto MongoDB killed by SIGKILL', () => {
  const rounds = roundsOf(1, 0.1);
  it.concurrent(
    'A rebuild onto MongoDB killed by SIGKILL resumes when it is run again, and ends in the documents of the log',
    () => soakOnMongodb('killed rebuild', rounds, rebuilt),
    timeoutFor(rounds),
  );
});

async function rebuilt(centre: SoakedCentre, random: Random): Promise<string> {
  await centre.commands.burst(40, 3_000);
  centre.commands.begin();
  const all = projectionsFor(centre.settings).map(({ name }) => name);
  const names = random.shuffled(all).slice(0, random.chance(50) ? all.length : random.between(1, 3));
  let projector = centre.projector();
  await projector.atWork();

  const killed: string[] = [];
  for (let left = random.between(1, MOST_KILLS); left > 0; left--) killed.push(await killedRebuild(centre, names, random));
  if (random.chance(30)) {
    await projector.kill();
    projector = centre.projector();
    killed.push('the projector too');
  }
  expect(await centre.ask('replay', ...names).ended).toMatchObject({ code: 0 });
  await projector.atWork();
  await centre.expectAllRight(); // old and new builds

  const { builds } = await centre.builds.registry();
  expect(builds.filter(({ state }) => state === 'building')).toEqual([]);
  for (const name of all) {
    const made = builds.filter(({ readModel }) => readModel === name).length;
    expect(made > 1).toBe(names.includes(name));
  }
  expect(readdirSync(join(centre.settings.DATA_DIR, 'replay'))).toEqual(['lock']);
  const kept = builds.map(({ name }) => name).toSorted();
  expect(centre.places() ?? kept).toEqual(kept);
  expect(await centre.ask('switch', random.pick(names)).ended).toMatchObject({ code: 0 });
  await centre.expectAllRight();
  expect(projector.faults).toEqual([]);
  expect(await projector.end()).toBe(0);
  return `${names.length} read models: ${killed.join(', ')}`;
}

/** Returns how far it was. */
async function killedRebuild(centre: SoakedCentre, names: readonly string[], random: Random): Promise<string> {
  const begun = async () => (await centre.builds.registry()).builds.some(({ state }) => state === 'building');
  const goesOn = await begun();
  const replay = centre.ask('replay', ...names);
  if (!goesOn && random.chance(70)) {
    await until('the rebuild to begin', begun);
    await pause(random.between(0, REBUILDING));
  } else await pause(random.between(0, STARTING));
  replay.kill();
  const { code, stderr } = await replay.ended;
  if (code !== null) expect({ code, stderr }).toMatchObject({ code: 0 }); // it had ended before the kill
  if (await begun()) return goesOn ? 'killed again in the middle' : 'killed in the middle';
  return code === null ? 'killed before or after' : 'done';
}
