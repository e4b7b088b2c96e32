import pMap, { pMapSkip } from 'p-map';
import { currentCause } from '../../event-store/cause.js';
import type { ImportWorkers } from '../import-workers.js';
import type { StagedFile, StreamRow } from '../staging/staged-file.js';
import type { RecordedRows, RowsToRecord, RowToRecord } from './record-rows.js';

/** Rows recorded together with one read and one append; more when a stream has more rows. */
const BATCH_ROWS = 500;
/** Characters of rows recorded together, so that long rows make smaller batches. */
const MAX_BATCH_TEXT = 4 * 1024 * 1024;

/** Records the good rows of files that share streams. Returns the number of events of each file. */
export async function recordFiles(
  files: readonly StagedFile[],
  { folder, revert }: Pick<RowsToRecord, 'folder' | 'revert'>,
  workers: ImportWorkers,
  progress: (recorded: number) => void,
): Promise<ReadonlyMap<StagedFile, number>> {
  const events = new Map(files.map((file) => [file, 0]));
  const refused: RecordedRows['refused'][number][] = [];
  let done = 0;
  const record = async (rows: readonly RowToRecord[]) => {
    const outcome = await workers.record({ folder, revert, cause: currentCause(), rows });
    for (const [file, before] of events) events.set(file, before + (outcome.events[file.name] ?? 0));
    refused.push(...outcome.refused);
    done += rows.length;
    progress(done);
    return pMapSkip;
  };
  await pMap(batches(files), record, { concurrency: workers.concurrency });
  for (const { kind, line, reason } of refused) files.find(({ name }) => name === kind)?.markBad(line, [{ column: '', reason }]);
  return events;
}

/** Rows in batches: all rows of a stream are in one batch, file by file. */
function* batches(files: readonly StagedFile[]): Generator<readonly RowToRecord[]> {
  let rows: RowToRecord[] = [];
  let characters = 0;
  let last = '';
  for (const { kind, line, text, stream } of rowsByStream(files)) {
    if (stream !== last && (rows.length >= BATCH_ROWS || characters >= MAX_BATCH_TEXT)) {
      yield rows;
      rows = [];
      characters = 0;
    }
    rows.push({ kind, line, text });
    characters += text.length;
    last = stream;
  }
  if (rows.length > 0) yield rows;
}

/** The rows of all files sorted by stream; within a stream in the order of the files. */
function* rowsByStream(files: readonly StagedFile[]): Generator<RowToRecord & StreamRow> {
  const heads = files.map((file) => {
    const rows = file.byStream();
    return { kind: file.name, rows, row: rows.next().value };
  });
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) if (head.row && (!first?.row || head.row.stream < first.row.stream)) first = head;
    if (!first?.row) return;
    yield { kind: first.kind, ...first.row };
    first.row = first.rows.next().value;
  }
}
