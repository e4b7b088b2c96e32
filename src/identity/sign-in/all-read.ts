import { candidate as candidates } from '../../../projections/candidate.js';
import type { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { StillUpdating } from '../../web/errors/still-updating.js';

/** Milliseconds that what was just recorded may take to be read, before anything is said not to be there. */
const PATIENCE = 500;

/** That what is recorded of candidates by now is read. @throws StillUpdating */
export async function assertAllRead(lag: ReadModelLag): Promise<void> {
  const behind = lag.behind([candidates]);
  if (behind !== undefined || !(await lag.refreshUntilCaughtUp([candidates], PATIENCE))) throw new StillUpdating(behind ?? lag.secondsLeft);
}
