import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { workerFile } from '../kernel/worker-file.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import type { StoreFailure } from './import.worker.js';
import type { ImportWorkers, PreviewWorkers } from './import-workers.js';
import type { PreviewedRows, RowsToPreview } from './preview/preview-rows.js';
import type { RowsToRecord } from './recording/execute-rows.js';
import type { RecordedRows } from './recording/record-rows.js';
import type { CheckedPiece, PieceToCheck } from './staging/check-piece.js';

/** More threads would wait for each other: only one at a time writes to the log, which takes a fifth of its time. */
const MOST_THREADS = 4;
/** In MiB, about four times what a thread uses. With less, garbage collection takes a tenth of its time; without a limit it would use all memory. */
const HEAP = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 96 };

/** Threads that check, record and preview rows, each with its own connections by the settings of the environment. */
export class ImportThreads implements ImportWorkers, PreviewWorkers {
  /** One task for each thread, and one that waits for the first thread to finish. */
  readonly concurrency: number;
  private readonly pool: Piscina;

  constructor(env: Readonly<Record<string, string | undefined>> = process.env) {
    const threads = Math.min(availableParallelism(), MOST_THREADS);
    this.concurrency = threads + 1;
    const filename = fileURLToPath(workerFile('imports/import.worker.js'));
    this.pool = new Piscina({ filename, env: { ...env }, minThreads: threads, maxThreads: threads, resourceLimits: HEAP, recordTiming: false });
  }

  check(piece: PieceToCheck): Promise<CheckedPiece> {
    return this.pool.run(piece, { name: 'check' });
  }

  record(rows: RowsToRecord): Promise<RecordedRows> {
    return this.run<RecordedRows>('record', rows);
  }

  preview(rows: RowsToPreview): Promise<PreviewedRows> {
    return this.run<PreviewedRows>('preview', rows);
  }

  /** Ends the threads. What a thread is just recording is recorded completely or not at all. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  private async run<Outcome extends object>(name: 'record' | 'preview', rows: RowsToRecord): Promise<Outcome> {
    const outcome: Outcome | StoreFailure = await this.pool.run(rows, { name });
    if ('unavailable' in outcome) throw new StoreUnavailable(outcome.unavailable);
    if ('damaged' in outcome) throw new DamagedFile(outcome.damaged);
    return outcome;
  }
}
