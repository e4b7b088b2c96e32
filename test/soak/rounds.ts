import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import pMap from 'p-map';
import { Random } from '../../demo/random.js';
import { describeWithMongodb, newDatabase } from '../mongodb/mongodb-server.js';
import { SoakedCentre } from './soaked-centre.js';

/**
 * One round on a centre of its own. Everything random in it follows from the seed, except the machine's own timing. Returns a note for
 * the log.
 */
export type Round = (centre: SoakedCentre, random: Random, seed: number) => Promise<string>;

/** Rounds that run at a time; they wait for most of their time. */
const LANES = 4;
/** How long a round may take on a busy machine, in milliseconds. */
const LONGEST_ROUND = 120_000;

/**
 * Rounds on MongoDB, only for `npm run soak`: a server that other tests use meanwhile may answer later than the centre waits, so that a
 * round would test the machine.
 */
export function describeSoakWithMongodb(name: string, tests: () => void): void {
  if (process.env.SOAK_ROUNDS) describeWithMongodb(name, tests);
  else describe.skip(`${name} (skipped: SOAK_ROUNDS is not set)`, tests);
}

/** The number of rounds by SOAK_ROUNDS, or `few` without it. @param share the part of them for one kind of store */
export function roundsOf(few: number, share = 1): number {
  const full = process.env.SOAK_ROUNDS;
  return full === undefined ? few : Math.max(1, Math.round(Number(full) * share));
}

/**
 * The seed of the first round: SOAK_SEED, or a random one with SOAK_ROUNDS. Without both it is always the same, so that the suite is
 * reproducible.
 */
export function firstSeed(): number {
  const { SOAK_ROUNDS, SOAK_SEED } = process.env;
  if (SOAK_SEED !== undefined) return Number(SOAK_SEED);
  return SOAK_ROUNDS === undefined ? 1 : randomInt(2 ** 31);
}

/** How long the rounds may take, in milliseconds. */
export function timeoutFor(rounds: number): number {
  return (1 + Math.ceil(rounds / LANES)) * LONGEST_ROUND;
}

/**
 * Runs rounds with seeds that follow `firstSeed`, and prints progress where SOAK_ROUNDS is set. A failed round does not end the others,
 * and its folder is kept.
 * @throws AggregateError with the seed and the folder of each that failed
 */
export function soak(what: string, rounds: number, round: Round): Promise<void> {
  return inLanes(what, rounds, (folder, seed) => onCentre(folder, seed, {}, round));
}

/** As `soak`, with read models and vault in a MongoDB database of the round's own, which is kept if the round fails. */
export function soakOnMongodb(what: string, rounds: number, round: Round): Promise<void> {
  return inLanes(`${what}, MongoDB`, rounds, async (folder, seed) => {
    const database = newDatabase();
    const outcome = await onCentre(folder, seed, { READ_MODELS_URL: database.url }, round);
    await database.drop();
    return outcome;
  });
}

async function onCentre(folder: string, seed: number, stores: Readonly<Record<string, string>>, round: Round): Promise<string> {
  const random = new Random(seed);
  const centre = await SoakedCentre.open(folder, random, stores);
  try {
    return await round(centre, random, seed);
  } finally {
    await centre.close();
  }
}

async function inLanes(what: string, rounds: number, work: (folder: string, seed: number) => Promise<string>): Promise<void> {
  const { SOAK_ROUNDS } = process.env;
  const first = firstSeed();
  const failures: string[] = [];
  let done = 0;
  const tell = (line: string) => {
    if (SOAK_ROUNDS !== undefined) process.stderr.write(`${new Date().toISOString()} ${what}: ${line}\n`);
  };
  const one = async (seed: number) => {
    const folder = mkdtempSync(join(tmpdir(), `soak-${seed}-`));
    try {
      const outcome = await work(folder, seed);
      rmSync(folder, { recursive: true });
      tell(`${++done} of ${rounds}, ${failures.length} failed; seed ${seed}: ${outcome}`);
    } catch (error) {
      failures.push(`SOAK_SEED=${seed} SOAK_ROUNDS=1 tries it again, DATA_DIR ${folder} is kept: ${error instanceof Error ? error.stack : error}`);
      tell(`${++done} of ${rounds}, ${failures.length} failed; ${failures.at(-1)}`);
    }
  };
  const seeds = Array.from({ length: rounds }, (_, at) => first + at);
  await pMap(seeds, one, { concurrency: LANES });
  tell(`${rounds} rounds from seed ${first}: ${rounds - failures.length} went well, ${failures.length} failed`);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}
