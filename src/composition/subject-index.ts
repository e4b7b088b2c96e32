import { subjectStreams } from '../../projections/subject-streams.js';
import type { Position } from '../event-store/event.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import type { ReadModels } from '../read-models/read-models.js';
import { withRegistrySnapshot } from '../read-models/serving/registry-snapshot.js';
import { waitForPosition } from '../read-models/serving/wait-for-position.js';

/** Milliseconds that a decision waits for the index to catch up. */
const TIMEOUT = 3_000;

/**
 * Finds a candidate's streams by the read model `subject-streams`, once that has seen the log up to a position.
 * @throws StoreUnavailable where it does not catch up in time or its document is in quarantine: nothing is decided on part of a history
 */
export function streamsBy(readModels: ReadModels, timeout = TIMEOUT): (subject: string, upTo: Position) => Promise<readonly string[]> {
  return (subject, upTo) =>
    withRegistrySnapshot(async () => {
      if (!(await waitForPosition(readModels, [subjectStreams], upTo, timeout))) throw new StoreUnavailable('按考生查找事件流的索引还没有跟上日志，请稍后再试');
      const { streams } = await readModels.get(subjectStreams, subject);
      // another build may be served since
      const hasSeen = (await readModels.position([subjectStreams])) >= upTo;
      if (!hasSeen || (await readModels.isQuarantined(subjectStreams, subject))) {
        throw new StoreUnavailable('按考生查找事件流的索引缺少这位考生的一部分，请稍后再试');
      }
      return streams;
    });
}

/** The read model by which the log finds a candidate's events; undefined of a log that has an index of its own. */
export function subjectIndexOf({ EVENT_STORE_URL }: { readonly EVENT_STORE_URL?: string | undefined }): string | undefined {
  return EVENT_STORE_URL === undefined ? undefined : subjectStreams.name;
}
