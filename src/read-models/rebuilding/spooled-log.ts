import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Position, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { makeFolder } from '../../kernel/file-owner.js';
import { inParallel } from '../../kernel/in-parallel.js';
import type { Checkpoint } from '../read-models.js';
import { hashOf } from '../spooling/partitions.js';
import { emptySpool } from '../spooling/spool.js';
import type { Selection } from '../verifying/selection.js';
import { bytesOf, type Partition } from './fold-partition.js';
import { MANIFEST, type Manifest, readManifest, type Section, writeManifest } from './replay-manifest.js';
import type { PhaseProgress } from './replay-progress.js';
import type { BuildName, ReplayWorkers } from './replay-workers.js';

/** Asked before each piece of work: the builds that it is for. Throws when the work is cancelled or interrupted. */
export type NextBuilds = () => Promise<readonly BuildName[]>;

/** Sizes that a test may want otherwise. */
export interface SpoolSizes {
  /** Events of a partition, about: few enough to be small in memory, enough to be written in one go. */
  readonly ofPartition: number;
  /** Events of one piece of reading; progress can be saved after each. */
  readonly ofPiece: number;
  /** Events of a section at least: below that a second reader takes longer to begin. */
  readonly ofSection: number;
  /** Milliseconds between two writes of the manifest. */
  readonly saveInterval: number;
}

const SIZES: SpoolSizes = { ofPartition: 16_000, ofPiece: 50_000, ofSection: 20_000, saveInterval: 1_000 };
/** More would make the blocks of each too small; a larger partition is folded in several rounds. */
const MAX_PARTITIONS = 2_048;

/** What a log is spooled for. */
export interface SpoolRequest {
  readonly builds: Manifest['builds'];
  /** How many may read at once. */
  readonly readers: number;
  readonly partitions: number;
}

/** How many partitions the events of the log are distributed to. */
export async function partitionsFor(events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<number> {
  const distance = events.distance(START, await events.head());
  return Math.min(MAX_PARTITIONS, Math.max(1, Math.ceil(distance / (sizes.ofPartition ?? SIZES.ofPartition))));
}

/**
 * The events of the log up to its head, partitioned by document key so that each partition can be folded in memory. It has a
 * folder of its own with a manifest, from which a later process resumes.
 */
export class SpooledLog {
  private savedAt = 0;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly events: EventStore,
    private readonly sizes: SpoolSizes,
    private manifest: Manifest,
  ) {}

  /** Resumes what an earlier process has spooled; undefined when that is of other builds, other code or another log. */
  static async resume(folder: string, builds: Manifest['builds'], events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<SpooledLog | undefined> {
    const manifest = await readManifest(join(folder, MANIFEST));
    if (!manifest || JSON.stringify(manifest.builds) !== JSON.stringify(builds)) return undefined;
    const { position, eventId } = manifest.head;
    if ((await events.at(position))?.id !== eventId) return undefined;
    return new SpooledLog(folder, events, { ...SIZES, ...sizes }, manifest);
  }

  /** Starts with nothing read; deletes whatever is in the folder. */
  static async create(folder: string, { builds, readers, partitions }: SpoolRequest, events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<SpooledLog> {
    await rm(folder, { recursive: true, force: true });
    makeFolder(folder);
    const { ofSection } = { ...SIZES, ...sizes };
    const position = await events.head();
    const last = await events.at(position);
    const shares = Math.max(1, Math.min(readers, Math.ceil(events.distance(START, position) / ofSection)));
    const bounds = [START, ...(await events.splitRange(START, position, shares)), position];
    const sections = bounds.slice(1).map((to, at): Section => {
      const from = bounds[at] ?? START;
      return { file: `events-${at}.spool`, from, to, read: { position: from }, events: 0, end: emptySpool(partitions), stops: {} };
    });
    const head: Checkpoint = last ? { position, eventId: last.id } : { position };
    const spooled = new SpooledLog(folder, events, { ...SIZES, ...sizes }, { format: 2, builds, head, partitions, sections, folded: [] });
    await spooled.save();
    return spooled;
  }

  /** The end of the log as it was when reading began. */
  get head(): Checkpoint {
    return this.manifest.head;
  }

  /**
   * Reads what is not read yet, several sections at once.
   * @param except event types that none of the builds handles
   * @param selections by build, of which documents events are read; of all where it is unset
   */
  async read(
    workers: ReplayWorkers,
    nextBuilds: NextBuilds,
    except: readonly string[],
    progress: PhaseProgress,
    selections?: readonly Selection[],
  ): Promise<void> {
    const { sections } = this.manifest;
    const distances = (toEnd: (section: Section) => Position) => sum(this.manifest.sections.map((each) => this.events.distance(each.from, toEnd(each))));
    const done = () => distances(({ read }) => read.position);
    progress.begin(
      distances(({ to }) => to),
      done(),
      this.spooled,
    );
    await this.each([...sections.keys()], workers, async (at, mayContinue) => {
      for (;;) {
        const section = this.manifest.sections[at] as Section;
        if (section.read.position >= section.to) return;
        const builds = await nextBuilds();
        if (!mayContinue()) return;
        const spooling = { file: join(this.folder, section.file), section, except, most: this.sizes.ofPiece, ...(selections && { selections }) };
        const after = await workers.spool(builds, spooling);
        this.manifest = { ...this.manifest, sections: this.manifest.sections.with(at, after) };
        progress.reach(done(), this.spooled);
        await this.saveWhenDue();
      }
    });
    await this.save();
  }

  /** Folds the partitions that are not folded yet, several at once. */
  async fold(
    workers: ReplayWorkers,
    nextBuilds: NextBuilds,
    fold: (builds: readonly BuildName[], partition: Partition) => Promise<void>,
    progress: PhaseProgress,
  ): Promise<void> {
    const numbers = Array.from({ length: this.manifest.partitions }, (_, number) => number);
    const bytes = numbers.map((number) => bytesOf(this.partition(number, [])));
    const bytesDone = () => sum(this.manifest.folded.map((number) => bytes[number] ?? 0));
    const eventsDone = () => Math.round((this.spooled * bytesDone()) / Math.max(1, sum(bytes)));
    const before = this.manifest.folded;
    progress.begin(sum(bytes), bytesDone(), eventsDone());
    const left = numbers.filter((number) => !before.includes(number));
    await this.each(left, workers, async (number, mayContinue) => {
      const builds = await nextBuilds();
      if (!mayContinue()) return;
      await fold(builds, this.partition(number, builds));
      this.manifest = { ...this.manifest, folded: [...this.manifest.folded, number] };
      progress.reach(bytesDone(), eventsDone());
      await this.saveWhenDue();
    });
    await this.save();
  }

  /** Goes through the partitions that hold these keys, one after another. */
  async again(
    keys: readonly string[],
    builds: readonly BuildName[],
    work: (partition: Partition, isHere: (key: string) => boolean) => Promise<void>,
  ): Promise<void> {
    for (const number of new Set(keys.map((key) => hashOf(key) % this.manifest.partitions))) {
      await work(this.partition(number, builds), (key) => hashOf(key) % this.manifest.partitions === number);
    }
  }

  /** Where and why a build stops before the head: the document key of the next event is unknown. */
  stopOf(build: string): Section['stops'][string] | undefined {
    return this.manifest.sections.flatMap(({ stops }) => stops[build] ?? [])[0];
  }

  /** Events that were spooled. */
  private get spooled(): number {
    return sum(this.manifest.sections.map(({ events }) => events));
  }

  private partition(number: number, builds: readonly BuildName[]): Partition {
    const spools = this.manifest.sections.map(({ file, end }) => ({ file: join(this.folder, file), end }));
    return { number, spools, bounds: builds.map(({ name }) => this.stopOf(name)?.before.position) };
  }

  /** After a fault nothing more is begun; it is thrown when all pieces of work have ended. */
  private async each(
    numbers: readonly number[],
    { concurrency }: ReplayWorkers,
    work: (number: number, mayContinue: () => boolean) => Promise<void>,
  ): Promise<void> {
    let failed = false;
    await inParallel(numbers, concurrency, async (number) => {
      try {
        await work(number, () => !failed);
      } catch (error) {
        failed = true;
        throw error;
      }
    });
  }

  private async saveWhenDue(): Promise<void> {
    if (performance.now() - this.savedAt >= this.sizes.saveInterval) await this.save();
  }

  private save(): Promise<void> {
    this.savedAt = performance.now();
    this.saving = this.saving.then(() => writeManifest(join(this.folder, MANIFEST), this.manifest));
    return this.saving;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
