import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../build-store.js';
import { WriteThrottle } from '../projecting/write-throttle.js';
import { type Projection, projectionOf } from '../projection.js';
import type { ExpectedDocument } from '../read-models.js';
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
  refold(builds: readonly BuildName[], refolding: Refolding): Promise<readonly ReadonlyMap<string, ExpectedDocument>[]>;
  /** Ends the threads, where there are any. */
  close(): Promise<void>;
}

/** Milliseconds that others may write after every thousand documents. */
const WRITE_PAUSE = 10;

/** Does the work in this thread. */
export class ReplayWorker implements ReplayWorkers {
  readonly concurrency = 1;
  private readonly throttle = new WriteThrottle(WRITE_PAUSE);

  /** @param code every projection of this release, older versions of a name included */
  constructor(
    private readonly events: EventStore,
    private readonly builds: BuildStore,
    private readonly code: readonly Projection[],
  ) {}

  spool(builds: readonly BuildName[], spooling: Spooling): Promise<Section> {
    return spoolLog(
      this.events,
      builds.map((build) => this.projectionOf(build)),
      spooling,
    );
  }

  fold(builds: readonly BuildName[], partition: Partition): Promise<void> {
    return foldPartition(
      this.builds,
      builds.map((build) => this.projectionOf(build)),
      partition,
      this.throttle,
    );
  }

  scan(build: BuildName, scanning: Scanning): Promise<Scanned> {
    return spoolDocuments(this.builds, this.projectionOf(build), scanning);
  }

  async compare(builds: readonly BuildName[], comparing: Comparing): Promise<readonly Compared[]> {
    return comparePartition(
      builds.map((build) => this.projectionOf(build)),
      comparing,
    );
  }

  async refold(builds: readonly BuildName[], refolding: Refolding): Promise<readonly ReadonlyMap<string, ExpectedDocument>[]> {
    return refoldPartition(
      builds.map((build) => this.projectionOf(build)),
      refolding,
    );
  }

  async close(): Promise<void> {}

  private projectionOf(build: BuildName): Projection {
    const projection = projectionOf(this.code, build);
    if (!projection) throw new Error(`there is no code for ${build.name}`);
    return projection;
  }
}
