import { createHash } from 'node:crypto';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { START } from '../../event-store/event.js';
import { errorCode } from '../../kernel/error-code.js';
import { makeFolder } from '../../kernel/file-owner.js';
import { log } from '../../kernel/log.js';
import { catchUp } from '../projecting/catch-up.js';
import { EventRouting } from '../projecting/event-routing.js';
import { nameOf, type Projection, projectionOf } from '../projection.js';
import type { ProjectionStore } from '../read-models.js';
import { type Build, isStillThere, servedBuild, withCurrentBuild, withoutUnfinished } from '../registry.js';
import { SpoolDamaged } from '../spooling/spool.js';
import { abandonedFolders } from './abandoned-folders.js';
import { assertMargin, assertSpace, type Disk, isOutOfSpace, NotEnoughSpace, spoolSize } from './disk-space.js';
import type { DocumentEvents } from './document-events.js';
import type { Partition } from './fold-partition.js';
import { builtBy, findUnfinishedTargets, placeholderProjection, registerTargets, type Target, type TargetPorts } from './rebuild-targets.js';
import { lockFolder } from './replay-lock.js';
import { type ReplayProgress, ReplayProgressReporter } from './replay-progress.js';
import type { BuildName, ReplayWorkers } from './replay-workers.js';
import { type NextBuilds, partitionsFor, SpooledLog, type SpoolSizes } from './spooled-log.js';

/** What a replay works with. */
export interface ReplayPorts extends TargetPorts, DocumentEvents {
  readonly store: ProjectionStore;
  /** Every event type of this release. */
  readonly types: readonly string[];
  /** A folder for what is read, for one replay at a time; made when it is not there. */
  readonly folder: string;
  /** A folder for spool files, where they are to be on another disk; made when it is not there, and removed when it is empty. */
  readonly spool?: string;
  readonly workers: ReplayWorkers;
}

export interface ReplayOptions {
  /** Ends it before the next piece of work; what is done stays, and the next call for the same read models goes on from there. */
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ReplayProgress) => void;
  readonly sizes?: Partial<SpoolSizes>;
  readonly disk?: (folder: string) => Disk;
}

/** The result of a rebuild of one read model. */
export interface Rebuilt {
  /** Such as `bills@1.2`. */
  readonly build: string;
  readonly readModel: string;
  readonly version: number;
  /** `cancelled`: the build was removed from the registry meanwhile, and its data is deleted. */
  readonly outcome: 'current' | 'cancelled';
  readonly documents: number;
  readonly quarantined: number;
  /** Why it is stopped at some event, as the served build is. */
  readonly stopped?: string;
}

/**
 * Rebuilds read models in one pass over the log while the present builds are served, up to where the projector maintains them.
 * Resumes an unfinished rebuild of the same read models. A build that is removed from the registry meanwhile is cancelled.
 * @param projections of this release, one a read model
 * @throws AlreadyReplaying, NotEnoughSpace when nothing is left of it, StoreUnavailable, and the signal's reason
 */
export async function rebuild(projections: readonly Projection[], ports: ReplayPorts, options: ReplayOptions = {}): Promise<readonly Rebuilt[]> {
  const unlock = lockFolder(ports.folder);
  try {
    return await new Rebuild(projections, ports, options).run();
  } finally {
    unlock();
  }
}

/** Bytes of documents for each byte of spooled events, where there is no served build to estimate from. */
const DOCUMENTS = 0.6;
/** Milliseconds between two checks of the registry. */
const POLL_INTERVAL = 250;

/** All builds were removed from the registry. */
class Cancelled extends Error {}
/** Some builds were removed: the step is repeated for the others. */
class FewerTargets extends Error {}

class Rebuild {
  private targets: readonly Target[] = [];
  private readonly cancelledResult: Target[] = [];
  private readonly stopReasons = new Map<string, string>();
  private lastRegistryCheck = Number.NEGATIVE_INFINITY;
  private readonly progress: ReplayProgressReporter;

  constructor(
    private readonly projections: readonly Projection[],
    private readonly ports: ReplayPorts,
    private readonly options: ReplayOptions,
  ) {
    this.progress = new ReplayProgressReporter(options.progress ?? (() => undefined));
  }

  async run(): Promise<readonly Rebuilt[]> {
    try {
      return await this.rebuilt();
    } finally {
      if (this.ports.spool !== undefined) await removeIfEmpty(this.ports.spool);
    }
  }

  private async rebuilt(): Promise<readonly Rebuilt[]> {
    const left = await findUnfinishedTargets(this.projections, this.ports);
    if (!left) await this.assertSpace();
    this.targets = left ?? (await registerTargets(this.projections, this.ports, new Date()));
    const folder = join(this.spoolFolder, folderOf(this.targets));
    const registry = await this.ports.builds.registry();
    for (const each of new Set([this.ports.folder, this.spoolFolder])) {
      for (const abandoned of await abandonedFolders(each, registry)) if (abandoned !== folder) await rm(abandoned, { recursive: true });
    }
    try {
      let spooled = left && (await SpooledLog.resume(folder, builtBy(left), this.ports.events, this.options.sizes));
      for (;;) {
        spooled ??= await this.startOver(folder);
        try {
          await this.build(spooled);
          break;
        } catch (error) {
          if (!(error instanceof SpoolDamaged)) throw error;
          log.warn({ reason: error.message }, 'what a rebuild has spooled is damaged: it begins anew');
          spooled = undefined;
        }
      }
      await rm(folder, { recursive: true });
    } catch (error) {
      if (isOutOfSpace(error)) await this.giveUp(folder);
      if (!(error instanceof Cancelled)) throw isOutOfSpace(error) ? outOfSpace(error) : error;
      await rm(folder, { recursive: true, force: true });
    }
    for (const { projection } of this.cancelledResult) await this.ports.builds.drop(projection);
    return Promise.all([...this.targets.map((target) => this.resultOf(target)), ...this.cancelledResult.map(async ({ build }) => cancelled(build))]);
  }

  private get spoolFolder(): string {
    const folder = this.ports.spool ?? this.ports.folder;
    makeFolder(folder);
    return folder;
  }

  /** Where it writes. */
  private get folders(): readonly string[] {
    const { file } = this.ports.builds;
    return [this.spoolFolder, ...(file === undefined ? [] : [dirname(file)])];
  }

  /** Estimated from the log and from the size of the served builds. @throws NotEnoughSpace */
  private async assertSpace(): Promise<void> {
    const { events, builds, code } = this.ports;
    const spooled = await spoolSize(events, this.projections);
    const needed = [{ folder: this.spoolFolder, what: '中间文件', bytes: spooled }];
    if (builds.file !== undefined) {
      const registry = await builds.registry();
      const sizes = await Promise.all(
        this.projections.map(({ name }) => {
          const served = servedBuild(registry, name);
          return served ? builds.size(projectionOf(code, served) ?? placeholderProjection(served)) : (DOCUMENTS * spooled) / this.projections.length;
        }),
      );
      needed.push({ folder: dirname(builds.file), what: '文档', bytes: sizes.reduce((total, size) => total + size, 0) });
    }
    assertSpace(needed, { kind: 'spool-elsewhere' }, this.options.disk);
  }

  /** Removes all that was written. Spool files first: dropping tables needs some space. */
  private async giveUp(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    const { builds } = this.ports;
    const names = this.targets.map(({ build }) => build.name);
    await builds.change((registry) => withoutUnfinished(registry, names));
    for (const { projection } of this.targets) await builds.drop(projection);
  }

  /** Drops the documents of an earlier run: they may be of another log. */
  private async startOver(folder: string): Promise<SpooledLog> {
    const { builds, store, events, workers } = this.ports;
    const projections = this.targets.map(({ projection }) => projection);
    for (const projection of projections) {
      await builds.drop(projection);
      await builds.prepare(projection);
    }
    await store.prepare(projections);
    const partitions = await partitionsFor(events, this.options.sizes);
    return SpooledLog.create(folder, { builds: builtBy(this.targets), readers: workers.concurrency, partitions }, events, this.options.sizes);
  }

  private async build(spooled: SpooledLog): Promise<void> {
    const { workers, builds, types } = this.ports;
    const handled = new Set(new EventRouting(this.projections).types);
    const unhandled = types.filter((type) => !handled.has(type));
    await this.retryWithFewerTargets(() => spooled.read(workers, this.nextBuilds, unhandled, this.progress.phase('reading')));
    const fold = (names: readonly BuildName[], partition: Partition) => workers.fold(names, partition);
    await this.retryWithFewerTargets(() => spooled.fold(workers, this.nextBuilds, fold, this.progress.phase('folding')));
    await this.retryWithFewerTargets(() => this.catchUp(spooled));
    await builds.change((registry) => {
      const made = this.targets.filter(({ build }) => isStillThere(registry, build));
      return made.reduce((after, { build }) => withCurrentBuild(after, build.name), registry);
    });
    await this.checkRegistry();
  }

  /** From where the log ended when it was read. */
  private async catchUp(spooled: SpooledLog): Promise<void> {
    const { builds, store } = this.ports;
    await this.checkRegistry();
    const targets = this.targets;
    const projections = targets.map(({ projection }) => projection);
    const checkpoints = await store.checkpoints(projections);
    for (const [at, { build, projection }] of targets.entries()) {
      const read = spooled.stopOf(build.name)?.before ?? spooled.head;
      if ((checkpoints[at]?.position ?? START) <= read.position) await builds.complete(projection, read);
    }
    const assertGoesOn = async () => {
      await this.nextBuilds();
      if (this.targets.length < targets.length) throw new FewerTargets();
    };
    const reasons = targets.map(({ build }) => spooled.stopOf(build.name)?.reason);
    const statuses = await catchUp(projections, reasons, this.ports, assertGoesOn, this.progress.phase('following'));
    for (const { projection, stopped } of statuses) if (stopped !== undefined) this.stopReasons.set(nameOf(projection), stopped);
  }

  /** Before each piece of work. */
  private readonly nextBuilds: NextBuilds = async () => {
    this.options.signal?.throwIfAborted();
    if (performance.now() - this.lastRegistryCheck >= POLL_INTERVAL) {
      assertMargin(this.folders, this.options.disk);
      await this.checkRegistry();
    }
    return this.targets.map(({ build }) => build);
  };

  /** @throws Cancelled when none is left */
  private async checkRegistry(): Promise<void> {
    const registry = await this.ports.builds.registry();
    this.lastRegistryCheck = performance.now();
    const { there = [], gone = [] } = Object.groupBy(this.targets, ({ build }) => (isStillThere(registry, build) ? 'there' : 'gone'));
    this.cancelledResult.push(...gone);
    this.targets = there;
    if (there.length === 0) throw new Cancelled();
  }

  /** Repeats work that failed when builds were removed meanwhile: it may have failed because their tables are gone. */
  private async retryWithFewerTargets(work: () => Promise<void>): Promise<void> {
    for (;;) {
      const before = this.targets.length;
      try {
        return await work();
      } catch (error) {
        if (error instanceof Cancelled || this.options.signal?.aborted) throw error;
        await this.checkRegistry();
        if (this.targets.length === before) throw error;
      }
    }
  }

  private async resultOf({ build: { name: build, readModel, version }, projection }: Target): Promise<Rebuilt> {
    const { builds, store } = this.ports;
    const stopped = this.stopReasons.get(build);
    const [documents, quarantined] = [await builds.count(projection), (await store.quarantined(projection)).size];
    return { build, readModel, version, outcome: 'current', documents, quarantined, ...(stopped !== undefined && { stopped }) };
  }
}

function cancelled({ name: build, readModel, version }: Build): Rebuilt {
  return { build, readModel, version, outcome: 'cancelled', documents: 0, quarantined: 0 };
}

function outOfSpace(error: unknown): NotEnoughSpace {
  if (error instanceof NotEnoughSpace) return new NotEnoughSpace(`${error.message}；重建已取消，没有留下任何内容`, error.remedies, { cause: error });
  return new NotEnoughSpace(`磁盘已满（${(error as Error).message}），重建已取消，没有留下任何内容。请腾出空间后再次运行`, [], { cause: error });
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** The name of the folder for these builds; short, however many they are. */
function folderOf(targets: readonly Target[]): string {
  const names = targets.map(({ build }) => build.name).join('+');
  return `${names.slice(0, 60)}-${createHash('sha256').update(names).digest('hex').slice(0, 8)}`;
}
