import pMap, { pMapSkip } from 'p-map';
import { currentCause } from '../event-store/cause.js';
import type { RecordedRows, RowToRecord } from './record-rows.js';
import type { StagedFile, StreamRow } from './staged-file.js';
import type { ImportWorkers } from './workers.js';

/** Rows recorded together, or some more where a stream has them: one read of their streams, one append. */
const TOGETHER = 500;
/** Less than these when they are long, in characters. */
const MOST_TEXT = 4 * 1024 * 1024;

/** Records the good rows of files whose rows are of the same streams; answers how many events those of each came to. */
export async function recordFiles(
  files: readonly StagedFile[],
  folder: string,
  workers: ImportWorkers,
  progress: (recorded: number) => void,
): Promise<ReadonlyMap<StagedFile, number>> {
  const events = new Map(files.map((file) => [file, 0]));
  const refused: RecordedRows['refused'][number][] = [];
  let done = 0;
  const record = async (rows: readonly RowToRecord[]) => {
    const outcome = await workers.record({ folder, cause: currentCause(), rows });
    for (const [file, before] of events) events.set(file, before + (outcome.events[file.name] ?? 0));
    refused.push(...outcome.refused);
    done += rows.length;
    progress(done);
    return pMapSkip;
  };
  await pMap(together(files), record, { concurrency: workers.atOnce });
  for (const { kind, line, reason } of refused) files.find(({ name }) => name === kind)?.spoil(line, [{ column: '', reason }]);
  return events;
}

/** Rows as they are recorded together: all those of a stream, file by file. */
function* together(files: readonly StagedFile[]): Generator<readonly RowToRecord[]> {
  let rows: RowToRecord[] = [];
  let characters = 0;
  let last = '';
  for (const { kind, line, text, stream } of inStreams(files)) {
    if (stream !== last && (rows.length >= TOGETHER || characters >= MOST_TEXT)) {
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

/** The rows of all files in the order of their streams; of those of a stream, the first file's come first. */
function* inStreams(files: readonly StagedFile[]): Generator<RowToRecord & StreamRow> {
  const heads = files.map((file) => {
    const rows = file.inStreams();
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
