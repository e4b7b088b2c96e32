import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import type { ProjectorProcess } from './projector-process.js';
import { describeSoakWithMongodb, roundsOf, soak, soakOnMongodb, timeoutFor } from './rounds.js';
import type { SoakedCentre } from './soaked-centre.js';

/** Milliseconds: while it starts, while it catches up, and while it follows the log. */
const START = 3_000;
const CATCHING_UP = 150;
const FOLLOWING = 2_500;

describe('A projector killed by SIGKILL', () => {
  const rounds = roundsOf(2);
  it.concurrent(
    'A projector killed by SIGKILL at any moment loses and duplicates nothing, and another takes over',
    () => soak('killed projector', rounds, killed),
    timeoutFor(rounds),
  );
});

describeSoakWithMongodb('A projector onto MongoDB killed by SIGKILL', () => {
  const rounds = roundsOf(1, 0.1);
  it.concurrent(
    'A projector onto MongoDB killed by SIGKILL at any moment loses and duplicates nothing, and another takes over',
    () => soakOnMongodb('killed projector', rounds, killed),
    timeoutFor(rounds),
  );
});

async function killed(centre: SoakedCentre, random: Random, seed: number): Promise<string> {
  await centre.commands.burst(40, 1_500);
  centre.commands.begin();
  const two = [centre.projector(), centre.projector()] as const;
  const [left, outcome] = seed % 3 === 0 ? await killedAtStart(two, random) : await killedAtWork(centre, two, random);
  await centre.expectAllRight();
  expect(left.faults).toEqual([]);
  expect(await left.end()).toBe(0);
  return outcome;
}

async function killedAtStart([one, other]: readonly [ProjectorProcess, ProjectorProcess], random: Random) {
  const after = random.between(0, START);
  await pause(after);
  await one.kill();
  await other.atWork();
  return [other, `killed ${after} ms after its start`] as const;
}

async function killedAtWork(centre: SoakedCentre, two: readonly [ProjectorProcess, ProjectorProcess], random: Random) {
  const one = await centre.atWork(two);
  const other = one === two[0] ? two[1] : two[0];
  const after = random.between(0, random.chance(50) ? CATCHING_UP : FOLLOWING);
  await pause(after);
  const killed = await one.kill();
  await centre.expectTold();
  const { took, late } = await other.takenOver(killed);
  return [other, `killed ${after} ms after it began, taken over after ${took} ms (${late} late)`] as const;
}
