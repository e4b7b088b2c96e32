import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Random } from '../../demo/random.js';
import { describeSoakWithMongodb, roundsOf, soak, soakOnMongodb, timeoutFor } from './rounds.js';
import type { SoakedCentre } from './soaked-centre.js';

/** Milliseconds: while it catches up, while it follows the log, and beside the other once it goes on. */
const CATCHING_UP = 150;
const FOLLOWING = 1_500;
const BESIDE = 1_000;

describe('A frozen projector', () => {
  const rounds = roundsOf(1);
  it.concurrent(
    'A frozen projector is replaced by another, and overwrites none of its work when it continues',
    () => soak('frozen projector', rounds, frozen),
    timeoutFor(rounds),
  );
});

describeSoakWithMongodb('A frozen projector onto MongoDB', () => {
  const rounds = roundsOf(1, 0.1);
  it.concurrent(
    'A frozen projector onto MongoDB is replaced by another, and overwrites none of its work when it continues',
    () => soakOnMongodb('frozen projector', rounds, frozen),
    timeoutFor(rounds),
  );
});

async function frozen(centre: SoakedCentre, random: Random): Promise<string> {
  await centre.commands.burst(40, 1_500);
  centre.commands.begin();
  const two = [centre.projector(), centre.projector()] as const;
  const one = await centre.atWork(two);
  const other = one === two[0] ? two[1] : two[0];
  const after = random.between(0, random.chance(50) ? CATCHING_UP : FOLLOWING);
  await pause(after);
  const since = Date.now();
  one.signal('SIGSTOP');
  if (await centre.isLocked()) {
    // in the middle of a write to a file: nobody can take over, and it continues as if nothing had happened
    one.signal('SIGCONT');
    await centre.expectAllRight();
    expect([one, other].flatMap(({ faults }) => faults)).toEqual([]);
    return `frozen ${after} ms after it began, in the middle of a write`;
  }
  await centre.expectTold();
  const { took, late } = await other.takenOver(since);
  await pause(random.between(0, BESIDE));
  const woken = Date.now();
  one.signal('SIGCONT');
  await one.waits(woken);
  await pause(random.between(0, BESIDE));
  expect(other.holdsSince).toBeLessThan(woken); // without an interruption
  expect(await other.end()).toBe(0);
  await one.atWork();
  await centre.expectAllRight();
  expect([one, other].flatMap(({ faults }) => faults)).toEqual([]);
  expect(await one.end()).toBe(0);
  return `frozen ${after} ms after it began, taken over after ${took} ms (${late} late)`;
}
