import { describe, expect, it } from '@jest/globals';
import { Random } from '../../demo/random.js';
import { clusterRounds } from '../event-store/eventstoredb/cluster-rounds.js';
import { firstSeed, patienceFor, roundsOf } from './rounds.js';

/** Faults that one process goes through. */
const FAULTS = 10;

describe('A process that works with a cluster of EventStoreDB', () => {
  const processes = Math.ceil(roundsOf(FAULTS) / FAULTS);
  it(
    'lives, loses nothing and records nothing twice while leaders are killed, frozen, thawed and demoted under 32 appends',
    async () => {
      const first = firstSeed();
      for (let seed = first; seed < first + processes; seed++) {
        const { faults, ...worked } = await clusterRounds(FAULTS, new Random(seed));
        const found = { seed, faults, ...worked };
        expect(found).toEqual({ seed, faults, code: 0, stderr: '', report: expect.objectContaining({ wrong: [], strange: [] }) });
        if (process.env.SOAK_ROUNDS !== undefined) process.stderr.write(`seed ${seed}: ${JSON.stringify(worked.report)}\n`);
      }
    },
    patienceFor(FAULTS * processes),
  );
});
