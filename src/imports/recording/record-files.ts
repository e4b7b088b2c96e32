import pMap, { pMapSkip } from 'p-map';
import { currentCause } from '../../event-store/cause.js';
import { addChanges, type FileChanges, NO_CHANGES } from '../changes/file-changes.js';
import type { ImportWorkers, PreviewWorkers } from '../import-workers.js';
import type { RowsToPreview } from '../preview/preview-rows.js';
import type { StagedFile, StreamRow } from '../staging/staged-file.js';
import type { RefusedRow, RowColumns, RowsToRecord } from './execute-rows.js';

/** Rows recorded together with one read and one append; more when a stream has more rows. */
const BATCH_ROWS = 500;
/** Characters of rows recorded together, so that long rows make smaller batches. */
const MAX_BATCH_TEXT = 4 * 1024 * 1024;

/** Records the good rows of files that share streams. Returns the number of events of each file. */
export async function recordFiles(
  files: readonly StagedFile[],
  { folder, revert }: Pick<RowsToRecord, 'folder' | 'revert'>,
  workers: Pick<ImportWorkers, 'record' | 'concurrency'>,
  progress: (recorded: number) => void,
): Promise<ReadonlyMap<StagedFile, number>> {
  const events = new Map(files.map((file) => [file, 0]));
  await inBatches(
    files,
    async (rows) => {
      const outcome = await workers.record({ folder, revert, cause: currentCause(), rows });
      for (const [file, before] of events) events.set(file, before + (outcome.events[file.name] ?? 0));
      return outcome.refused;
    },
    workers.concurrency,
    progress,
  );
  return events;
}

/** What some rows would change, by kind of row. */
export async function previewFiles(
  files: readonly StagedFile[],
  preview: Omit<RowsToPreview, 'rows'>,
  workers: Pick<PreviewWorkers, 'preview' | 'concurrency'>,
  progress: (previewed: number) => void,
): Promise<ReadonlyMap<StagedFile, FileChanges>> {
  const changes = new Map(files.map((file) => [file, NO_CHANGES]));
  await inBatches(
    files,
    async (rows) => {
      const outcome = await workers.preview({ ...preview, rows });
      for (const [file, before] of changes) changes.set(file, addChanges(before, outcome.changes[file.name] ?? NO_CHANGES));
      return outcome.refused;
    },
    workers.concurrency,
    progress,
  );
  return changes;
}

/** Handles all good rows of files that share streams, and marks those as bad that are refused. */
async function inBatches(
  files: readonly StagedFile[],
  handle: (rows: RowColumns) => Promise<readonly RefusedRow[]>,
  concurrency: number,
  progress: (done: number) => void,
): Promise<void> {
  const refused: RefusedRow[] = [];
  let done = 0;
  const one = async (rows: RowColumns) => {
    refused.push(...(await handle(rows)));
    done += rows.lines.length;
    progress(done);
    return pMapSkip;
  };
  await pMap(batches(files), one, { concurrency });
  for (const { kind, line, reason } of refused) files.find(({ name }) => name === kind)?.markBad(line, [{ column: '', reason }]);
}

/** Rows in batches: all rows of a stream are in one batch, file by file. */
function* batches(files: readonly StagedFile[]): Generator<RowColumns> {
  let rows = noRows();
  let characters = 0;
  let last = '';
  for (const { kind, line, text, stream } of rowsByStream(files)) {
    if (stream !== last && (rows.lines.length >= BATCH_ROWS || characters >= MAX_BATCH_TEXT)) {
      yield rows;
      rows = noRows();
      characters = 0;
    }
    rows.kinds.push(kind);
    rows.lines.push(line);
    rows.texts.push(text);
    characters += text.length;
    last = stream;
  }
  if (rows.lines.length > 0) yield rows;
}

function noRows(): RowColumns {
  return { kinds: [], lines: [], texts: [] };
}

/** The rows of all files sorted by stream; within a stream in the order of the files. */
function* rowsByStream(files: readonly StagedFile[]): Generator<StreamRow & { readonly kind: string }> {
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
