import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import { WriteThrottle } from '../projecting/write-throttle.js';
import type { Projection } from '../projection.js';
import type { Mended } from '../read-models.js';
import type { Build } from '../registry.js';
import { type Comparing, comparePartition } from '../verifying/compare-partition.js';
import type { Compared } from '../verifying/differing.js';
import { type Refolding, refoldPartition } from '../verifying/refold-partition.js';
import { type Scanned, type Scanning, spoolDocuments } from '../verifying/spool-documents.js';
import { foldPartition, type Partition } from './fold-partition.js';
import type { Section } from './replay-manifest.js';
import { type Spooling, spoolLog } from './spool-log.js';

/** What names a build to another thread. */
export type BuildName = Pick<Build, 'readModel' | 'version' | 'name' | 'form'>;

/** Who does the work of a replay: this thread, or several beside it (`ReplayThreads`). */
export interface ReplayWorkers {
  /** How many pieces of work are under way at once. */
  readonly concurrency: number;
  spool(builds: readonly BuildName[], spooling: Spooling): Promise<Section>;
  fold(builds: readonly BuildName[], partition: Partition): Promise<void>;
  scan(build: BuildName, scanning: Scanning): Promise<Scanned>;
  compare(builds: readonly BuildName[], comparing: Comparing): Promise<readonly Compared[]>;
  refold(builds: readonly BuildName[], refolding: Refolding): Promise<readonly ReadonlyMap<string, Mended>[]>;
}

/** Milliseconds that others may write after every thousand documents. */
const WRITE_PAUSE = 10;

/** Does the work in this thread. */
export class ReplayWorker implements ReplayWorkers {
  readonly concurrency = 1;
  private readonly throttle = new WriteThrottle(WRITE_PAUSE);

  constructor(
    private readonly events: EventStore,
    private readonly builds: BuildStore,
    private readonly projectionOf: (build: BuildName) => Projection,
  ) {}

  spool(builds: readonly BuildName[], spooling: Spooling): Promise<Section> {
    return spoolLog(this.events, builds.map(this.projectionOf), spooling);
  }

  fold(builds: readonly BuildName[], partition: Partition): Promise<void> {
    return foldPartition(this.builds, builds.map(this.projectionOf), partition, this.throttle);
  }

  scan(build: BuildName, scanning: Scanning): Promise<Scanned> {
    return spoolDocuments(this.builds, this.projectionOf(build), scanning);
  }

  async compare(builds: readonly BuildName[], comparing: Comparing): Promise<readonly Compared[]> {
    return comparePartition(builds.map(this.projectionOf), comparing);
  }

  async refold(builds: readonly BuildName[], refolding: Refolding): Promise<readonly ReadonlyMap<string, Mended>[]> {
    return refoldPartition(builds.map(this.projectionOf), refolding);
  }
}
