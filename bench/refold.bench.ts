import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownEvents } from '../src/composition/known/events.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import { LARGEST } from './largest-read-model.js';
import { type Finding, rounds, scratchFolder } from './measure.js';
import { medianOf, rebuild, runReplayTask, timeOf } from './rebuild-runs.js';
import { recordShuffled } from './shuffled-log.js';

const CANDIDATES = 100_000;
const ROUNDS = 3;

/** Refolding one document in a hundred, all of them damaged, with the time of a rebuild from the same log. */
export async function* refolding(): AsyncGenerator<Finding> {
  const dataDir = join(await scratchFolder(), 'data');
  await mkdir(dataDir);
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  await recordShuffled(events, CANDIDATES);
  await events.close();
  await rebuild(dataDir, 'one');
  const measured = await rounds(ROUNDS, { made: () => rebuild(dataDir, 'one'), refolded: () => runReplayTask({ kind: 'refold', dataDir }) });
  const [made, refolded] = [medianOf(measured.made), medianOf(measured.refolded)];
  yield {
    what: `refold of 1 % of ${CANDIDATES} documents of ${LARGEST.name}, all of them damaged, against a rebuild`,
    figures: [`refold: ${timeOf(refolded)} for ${refolded.builds[0]?.documents} documents`, `rebuild: ${timeOf(made)}`],
    value: refolded.seconds / made.seconds,
    aim: { most: 0.1 },
  };
  await rm(dataDir, { recursive: true });
}
