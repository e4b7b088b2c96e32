import { subjectStreams } from '../../projections/subject-streams.js';
import type { Position } from '../event-store/event.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { ReadModels } from '../read-models/read-models.js';
import { withRegistrySnapshot } from '../read-models/serving/registry-snapshot.js';
import { waitForPosition } from '../read-models/serving/wait-for-position.js';

/** How long a decision waits for the index, in milliseconds: it is a moment behind, unless it stands still. */
const TIMEOUT = 3_000;

/**
 * Names a candidate's streams by the read model `subject-streams`, once that has seen the log up to a position.
 * @throws StoreUnavailable where it has not in time, as one that has stopped or is being built has not, or where it holds the candidate
 * in quarantine: nothing is decided on part of a history
 */
export function streamsBy(readModels: ReadModels, patience = TIMEOUT): (subject: string, upTo: Position) => Promise<readonly string[]> {
  return (subject, upTo) =>
    withRegistrySnapshot(async () => {
      if (!(await waitForPosition(readModels, [subjectStreams], upTo, patience)))
        throw new StoreUnavailable('the index of candidates has not seen the whole log yet');
      const { streams } = await readModels.get(subjectStreams, subject);
      // another build may have been switched to meanwhile
      const hasSeen = (await readModels.position([subjectStreams])) >= upTo;
      if (!hasSeen || (await readModels.isQuarantined(subjectStreams, subject))) {
        throw new StoreUnavailable('the index of candidates does not know all streams of a candidate');
      }
      return streams;
    });
}
