import { describe, expect, it } from '@jest/globals';
import { Random } from '../../demo/random.js';
import { clusterRounds } from '../event-store/eventstoredb/cluster-rounds.js';
import { firstSeed, roundsOf, timeoutFor } from './rounds.js';

/** The number of faults for one process. */
const FAULTS = 10;

describe('A process on an EventStoreDB cluster', () => {
  const processes = Math.ceil(roundsOf(FAULTS) / FAULTS);
  it(
    'A process on an EventStoreDB cluster survives, loses nothing and records nothing twice while leaders are killed, frozen, resumed and demoted during 32 appends',
    async () => {
      const first = firstSeed();
      for (let seed = first; seed < first + processes; seed++) {
        const { faults, ...worked } = await clusterRounds(FAULTS, new Random(seed));
        const found = { seed, faults, ...worked };
        expect(found).toEqual({ seed, faults, code: 0, stderr: '', report: expect.objectContaining({ wrong: [], strange: [] }) });
        if (process.env.SOAK_ROUNDS !== undefined) process.stderr.write(`seed ${seed}: ${JSON.stringify(worked.report)}\n`);
      }
    },
    timeoutFor(FAULTS * processes),
  );
});
