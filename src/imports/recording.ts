import pMap, { pMapSkip } from 'p-map';
import { currentCause } from '../event-store/cause.js';
import type { StagedFile } from './staged-file.js';
import type { ImportWorkers } from './workers.js';

/** Records the good rows of a file; answers how many events that came to. */
export async function recordFile(file: StagedFile, folder: string, workers: ImportWorkers, progress: (recorded: number) => void): Promise<number> {
  let events = 0;
  let done = 0;
  const refused: { readonly line: number; readonly reason: string }[] = [];
  const record = async (rows: Parameters<ImportWorkers['record']>[0]['rows']) => {
    const outcome = await workers.record({ kind: file.name, folder, cause: currentCause(), rows });
    events += outcome.events;
    refused.push(...outcome.refused);
    done += rows.length;
    progress(done);
    return pMapSkip;
  };
  await pMap(file.byStream(), record, { concurrency: workers.atOnce });
  for (const { line, reason } of refused) file.spoil(line, [{ column: '', reason }]);
  return events;
}
