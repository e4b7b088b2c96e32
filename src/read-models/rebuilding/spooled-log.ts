import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Position, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { makeFolder } from '../../kernel/file-owner.js';
import { inParallel } from '../../kernel/in-parallel.js';
import type { Checkpoint } from '../read-models.js';
import type { Selection } from '../verifying/selection.js';
import { bytesOf, type Partition } from './fold-partition.js';
import { hashOf } from './partitions.js';
import { MANIFEST, type Manifest, readManifest, type Section, writeManifest } from './replay-manifest.js';
import type { PhaseProgress } from './replay-progress.js';
import type { BuildName, ReplayWorkers } from './replay-workers.js';
import { emptySpool } from './spool.js';

/** Says before each piece of work which builds it is for; throws when there is to be none. */
export type GoOn = () => Promise<readonly BuildName[]>;

/** Sizes that a test may want otherwise. */
export interface SpoolSizes {
  /** Events of a partition, about: few enough to be small in memory, enough to be written in one go. */
  readonly ofPartition: number;
  /** Events of one piece of reading, after which it is noted how far it is. */
  readonly ofPiece: number;
  /** Events of a section at least: below that a second reader takes longer to begin. */
  readonly ofSection: number;
  /** Milliseconds between two notes of how far it is. */
  readonly noteEvery: number;
}

const SIZES: SpoolSizes = { ofPartition: 16_000, ofPiece: 50_000, ofSection: 20_000, noteEvery: 1_000 };
/** More would make the blocks of each too small; a larger partition is folded in several rounds. */
const MAX_PARTITIONS = 2_048;

/** What a log is spooled for. */
export interface Beginning {
  readonly builds: Manifest['builds'];
  /** How many may read at once. */
  readonly readers: number;
  readonly partitions: number;
}

/** How many partitions the log is dealt out to as it is now. */
export async function partitionsFor(events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<number> {
  const distance = events.distance(START, await events.head());
  return Math.min(MAX_PARTITIONS, Math.max(1, Math.ceil(distance / (sizes.ofPartition ?? SIZES.ofPartition))));
}

/**
 * The events of the log up to its head, dealt out by the keys of documents into partitions, each small enough to be folded
 * in memory; in a folder of its own, where a later process finds how far this one came.
 */
export class SpooledLog {
  private noted = 0;
  private noting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly events: EventStore,
    private readonly sizes: SpoolSizes,
    private manifest: Manifest,
  ) {}

  /** What an earlier process has left; undefined when it is of other builds, other code or another log. */
  static async left(folder: string, builds: Manifest['builds'], events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<SpooledLog | undefined> {
    const manifest = await readManifest(join(folder, MANIFEST));
    if (!manifest || JSON.stringify(manifest.builds) !== JSON.stringify(builds)) return undefined;
    const { position, eventId } = manifest.head;
    if ((await events.at(position))?.id !== eventId) return undefined;
    return new SpooledLog(folder, events, { ...SIZES, ...sizes }, manifest);
  }

  /** Begins with nothing read, whatever was in the folder. */
  static async begun(folder: string, { builds, readers, partitions }: Beginning, events: EventStore, sizes: Partial<SpoolSizes> = {}): Promise<SpooledLog> {
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
    await spooled.note();
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
  async read(workers: ReplayWorkers, goOn: GoOn, except: readonly string[], progress: PhaseProgress, selections?: readonly Selection[]): Promise<void> {
    const { sections } = this.manifest;
    const distances = (toEnd: (section: Section) => Position) => sum(this.manifest.sections.map((each) => this.events.distance(each.from, toEnd(each))));
    const done = () => distances(({ read }) => read.position);
    progress.begin(
      distances(({ to }) => to),
      done(),
      this.spooled,
    );
    await this.each([...sections.keys()], workers, async (at, mayGoOn) => {
      for (;;) {
        const section = this.manifest.sections[at] as Section;
        if (section.read.position >= section.to) return;
        const builds = await goOn();
        if (!mayGoOn()) return;
        const spooling = { file: join(this.folder, section.file), section, except, most: this.sizes.ofPiece, ...(selections && { selections }) };
        const after = await workers.spool(builds, spooling);
        this.manifest = { ...this.manifest, sections: this.manifest.sections.with(at, after) };
        progress.reach(done(), this.spooled);
        await this.noteInTime();
      }
    });
    await this.note();
  }

  /** Has each partition folded that is not yet, several at once. */
  async fold(
    workers: ReplayWorkers,
    goOn: GoOn,
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
    await this.each(left, workers, async (number, mayGoOn) => {
      const builds = await goOn();
      if (!mayGoOn()) return;
      await fold(builds, this.partition(number, builds));
      this.manifest = { ...this.manifest, folded: [...this.manifest.folded, number] };
      progress.reach(bytesDone(), eventsDone());
      await this.noteInTime();
    });
    await this.note();
  }

  /** Has each partition worked on again that holds one of these keys, one after another. */
  async again(
    keys: readonly string[],
    builds: readonly BuildName[],
    work: (partition: Partition, isHere: (key: string) => boolean) => Promise<void>,
  ): Promise<void> {
    for (const number of new Set(keys.map((key) => hashOf(key) % this.manifest.partitions))) {
      await work(this.partition(number, builds), (key) => hashOf(key) % this.manifest.partitions === number);
    }
  }

  /** Where a build stops before the head, and why: nobody can tell whose the next event is. */
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

  /** After a fault none begins anything more, and all have ended before it is thrown. */
  private async each(
    numbers: readonly number[],
    { concurrency }: ReplayWorkers,
    work: (number: number, mayGoOn: () => boolean) => Promise<void>,
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

  private async noteInTime(): Promise<void> {
    if (performance.now() - this.noted >= this.sizes.noteEvery) await this.note();
  }

  private note(): Promise<void> {
    this.noted = performance.now();
    this.noting = this.noting.then(() => writeManifest(join(this.folder, MANIFEST), this.manifest));
    return this.noting;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
