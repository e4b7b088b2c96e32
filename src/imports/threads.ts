import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { workerFile } from '../kernel/worker-file.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import type { CheckedPiece, PieceToCheck } from './check-piece.js';
import type { Fault } from './import.worker.js';
import type { RecordedRows, RowsToRecord } from './record-rows.js';
import type { ImportWorkers } from './workers.js';

/** More would only wait for one another: one at a time writes to the log, for a fifth of its time. */
const MOST_THREADS = 4;
/** In MiB, about four times what a thread holds at a time: with less, collecting garbage takes a tenth of its work. Without a bound it takes as much as the machine lets it. */
const HEAP = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 96 };

/** Threads that check and record, each with its own connections, as the settings in the environment say. */
export class ImportThreads implements ImportWorkers {
  /** One for each, and one that waits for the first to be done. */
  readonly atOnce: number;
  private readonly pool: Piscina;

  constructor(env: Readonly<Record<string, string | undefined>> = process.env) {
    const threads = Math.min(availableParallelism(), MOST_THREADS);
    this.atOnce = threads + 1;
    const filename = fileURLToPath(workerFile('imports/import.worker.js'));
    this.pool = new Piscina({ filename, env: { ...env }, minThreads: threads, maxThreads: threads, resourceLimits: HEAP, recordTiming: false });
  }

  check(piece: PieceToCheck): Promise<CheckedPiece> {
    return this.pool.run(piece, { name: 'check' });
  }

  async record(rows: RowsToRecord): Promise<RecordedRows> {
    const outcome: RecordedRows | Fault = await this.pool.run(rows, { name: 'record' });
    if ('unavailable' in outcome) throw new StoreUnavailable(outcome.unavailable);
    if ('damaged' in outcome) throw new DamagedFile(outcome.damaged);
    return outcome;
  }

  /** Ends them; what one had in hand is not recorded, or wholly. */
  close(): Promise<void> {
    return this.pool.destroy();
  }
}
