import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { workerFile } from '../../kernel/worker-file.js';
import { type StoreSettings } from '../../settings/settings.js';
import { DamagedFile } from '../../sqlite/sqlite-errors.js';
import { DamagedDocument } from '../damaged-document.js';
import type { ExpectedDocument } from '../read-models.js';
import { SpoolDamaged } from '../spooling/spool.js';
import type { Compared } from '../verifying/differing.js';
import type { Scanned } from '../verifying/spool-documents.js';
import type { Fault, Task } from './replay.worker.js';
import type { Section } from './replay-manifest.js';
import type { ReplayWorkers } from './replay-workers.js';

const FAULTS = ['unavailable', 'damaged', 'damagedFile', 'damagedDocument'];
/** More threads would wait for one another: only one at a time writes documents. */
const MAX_THREADS = 4;
/** In MiB. A thread holds one partition; without a limit its heap grows as far as the machine allows. */
const HEAP = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 48 };

/** Threads that read, fold and write, each with its own connections. */
export class ReplayThreads implements ReplayWorkers {
  readonly concurrency: number;
  private made: Piscina | undefined;

  constructor(
    private readonly settings: StoreSettings,
    threads = Math.min(availableParallelism(), MAX_THREADS),
  ) {
    this.concurrency = threads;
  }

  /** Made for the first piece of work: each thread loads all that it needs. */
  private get pool(): Piscina {
    const size = { minThreads: this.concurrency, maxThreads: this.concurrency };
    const filename = fileURLToPath(workerFile('read-models/rebuilding/replay.worker.js'));
    this.made ??= new Piscina({ filename, workerData: this.settings, ...size, resourceLimits: HEAP, recordTiming: false });
    return this.made;
  }

  spool(...task: Task<'spool'>): Promise<Section> {
    return this.run('spool', task);
  }

  fold(...task: Task<'fold'>): Promise<void> {
    return this.run('fold', task);
  }

  scan(...task: Task<'scan'>): Promise<Scanned> {
    return this.run('scan', task);
  }

  compare(...task: Task<'compare'>): Promise<readonly Compared[]> {
    return this.run('compare', task);
  }

  refold(...task: Task<'refold'>): Promise<readonly ReadonlyMap<string, ExpectedDocument>[]> {
    return this.run('refold', task);
  }

  /** Ends the threads; a write in progress is completed or rolled back. */
  async close(): Promise<void> {
    await this.made?.destroy();
  }

  private async run<T>(name: string, task: readonly unknown[]): Promise<T> {
    const outcome: T | Fault = await this.pool.run(task, { name });
    if (!isFault(outcome)) return outcome;
    if ('damaged' in outcome) throw new SpoolDamaged(outcome.damaged);
    if ('damagedDocument' in outcome) {
      const { file, build, key } = outcome.damagedDocument;
      throw new DamagedDocument(file, build, key);
    }
    throw 'damagedFile' in outcome ? new DamagedFile(outcome.damagedFile) : new StoreUnavailable(outcome.unavailable);
  }
}

function isFault(outcome: unknown): outcome is Fault {
  return typeof outcome === 'object' && outcome !== null && FAULTS.some((fault) => fault in outcome);
}
