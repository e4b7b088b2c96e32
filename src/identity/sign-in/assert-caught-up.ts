import { candidate as candidates } from '../../../projections/candidate.js';
import type { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { StillUpdating } from '../../web/errors/still-updating.js';

/** Milliseconds to wait until events that were just recorded are projected. */
const TIMEOUT = 500;

/** @throws StillUpdating when the candidates' read model has not caught up with the log */
export async function assertCandidatesCaughtUp(lag: ReadModelLag): Promise<void> {
  const behind = lag.behind([candidates]);
  if (behind !== undefined || !(await lag.refreshUntilCaughtUp([candidates], TIMEOUT))) throw new StillUpdating(behind ?? lag.secondsLeft);
}
