import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Position } from '../../event-store/event.js';
import { makeFolder } from '../../kernel/file-owner.js';
import { inParallel } from '../../kernel/in-parallel.js';
import { nearestKeys } from '../nearest-keys.js';
import { EventRouting } from '../projecting/event-routing.js';
import type { WaitingTimes } from '../projecting/wait-for-head.js';
import type { Quarantined } from '../read-models.js';
import { assertSpace, spoolSize } from '../rebuilding/disk-space.js';
import type { Partition } from '../rebuilding/fold-partition.js';
import type { ReplayOptions, ReplayPorts } from '../rebuilding/rebuild.js';
import { builtBy, type Target } from '../rebuilding/rebuild-targets.js';
import { lockFolder } from '../rebuilding/replay-lock.js';
import { ReplayProgressReporter } from '../rebuilding/replay-progress.js';
import type { BuildName } from '../rebuilding/replay-workers.js';
import { type NextBuilds, partitionsFor, SpooledLog } from '../rebuilding/spooled-log.js';
import { BadChange } from '../registry.js';
import { hashOf } from '../spooling/partitions.js';
import { emptySpool, type Spool } from '../spooling/spool.js';
import { type DifferingDocuments, DifferingTally } from './differing.js';
import {
  type Problem,
  type ProblemKind,
  problemOfEmptied,
  problemsOfDocuments,
  problemsOfLookups,
  problemsOfPlace,
  problemsOfQuarantine,
  progressOf,
} from './problems.js';
import { refoldSome } from './refold-documents.js';
import { emptyMadeOtherwise, repairDocuments } from './repair-documents.js';
import type { Selection } from './selection.js';
import type { Scanned } from './spool-documents.js';

/** The result of verifying a build. */
export interface Verified {
  readonly build: string;
  /** Stored documents that were compared; with `quick`, documents and tombstones that were counted. Null where the build could not be read. */
  readonly documents: number | null;
  /** Its problems; if there are none, it equals the fold of the log up to its end. */
  readonly problems: readonly Problem[];
  /** The documents that differ; undefined where they were not compared. */
  readonly found?: DifferingDocuments;
  /** How many documents were written anew. */
  readonly repaired?: number;
}

export interface VerifyOptions extends ReplayOptions {
  /** Compares no documents. */
  readonly quick?: boolean;
  /** Compares about so many documents of each build, others each time. */
  readonly sample?: number;
  /** Writes anew what differs: all of it, or these documents, which alone are compared then. */
  readonly repair?: 'all' | readonly string[];
  readonly waitingTimes?: WaitingTimes;
}

/** Problems that are looked for once more at the end. */
const OF_STORAGE: readonly ProblemKind[] = ['index', 'count'];
/** Documents of one piece of scanning. */
const PIECE = 20_000;
const NEVER = new AbortController().signal;

/**
 * Compares builds with what the whole log comes to: waits until they have seen its end, looks at what they are stored in, folds the
 * log anew and compares each stored document, and what it is listed under, with its events. A build that the projector maintains
 * meanwhile is compared as it was when its documents were read. Nothing is written unless it is to be repaired.
 * @throws AlreadyReplaying, StoreUnavailable, BadChange for a document that there is none of, and the signal's reason
 */
export async function verify(targets: readonly Target[], ports: ReplayPorts, options: VerifyOptions = {}): Promise<readonly Verified[]> {
  if (options.quick) return inspected(targets, ports, options);
  const unlock = lockFolder(ports.folder);
  const folder = join(ports.folder, 'verify');
  try {
    await rm(folder, { recursive: true, force: true });
    makeFolder(folder);
    return await new Verifying(targets, ports, options, folder).run();
  } finally {
    await rm(folder, { recursive: true, force: true });
    unlock();
  }
}

/** The problems of builds, without those of their documents. */
async function inspected(targets: readonly Target[], ports: ReplayPorts, options: VerifyOptions): Promise<readonly Verified[]> {
  const progress = await progressOf(targets, ports, options);
  return Promise.all(
    targets.map(async (target, at) => {
      const quarantined = [...(await ports.store.quarantined(target.projection)).values()];
      const { place, stored } = await ports.builds.inspect(target.projection);
      const problems = [...(await problemsOfPlace(target, ports)), ...(progress[at] ?? []), ...problemsOfQuarantine(target, quarantined)];
      return { build: target.build.name, documents: place === 'missing' ? null : stored, problems };
    }),
  );
}

/** The result of comparing the documents of a build. */
interface ComparedBuild extends Pick<Verified, 'repaired'> {
  readonly documents: number;
  readonly found: DifferingDocuments;
  readonly quarantined: readonly Quarantined[];
}

class Verifying {
  private readonly meter: ReplayProgressReporter;
  private readonly signal: AbortSignal;
  /** Builds whose documents can be read and are of this log. */
  private targets: readonly Target[] = [];

  constructor(
    private readonly all: readonly Target[],
    private readonly ports: ReplayPorts,
    private readonly options: VerifyOptions,
    private readonly folder: string,
  ) {
    this.meter = new ReplayProgressReporter(options.progress ?? (() => undefined));
    this.signal = options.signal ?? NEVER;
  }

  async run(): Promise<readonly Verified[]> {
    const before = await inspected(this.all, this.ports, this.options);
    const isReadable = ({ problems }: Verified) => !problems.some(({ kind }) => kind === 'place' || kind === 'log');
    this.targets = this.all.filter((_, place) => isReadable(before[place] as Verified));
    const compared = await this.compared();
    const emptied = this.options.repair === 'all' ? await emptyMadeOtherwise(this.all, this.ports, this.signal) : [];
    // as they are after a repair
    const ofPlaces = await Promise.all(this.targets.map((target) => problemsOfPlace(target, this.ports)));
    const ofLookups = await Promise.all(this.targets.map((target) => problemsOfLookups(target, this.ports)));
    return this.all.map((target, place) => {
      const { problems } = before[place] as Verified;
      const at = this.targets.indexOf(target);
      const { documents, found, repaired, quarantined } = compared[at] ?? {};
      if (!found) return { build: target.build.name, documents: null, problems: emptied.includes(target) ? [problemOfEmptied(target)] : problems };
      const left = repaired === undefined ? found.keys : [];
      const isMissing = left.some(({ kind }) => kind === 'missing');
      const isTold = isMissing || left.some(({ kind }) => kind === 'extra'); // by name, so their number is not
      const others = [
        ...problems.filter(({ kind }) => !OF_STORAGE.includes(kind) && kind !== 'quarantined'),
        ...(ofPlaces[at] ?? []).filter(({ kind }) => kind !== 'count' || !isTold),
        ...(isMissing ? [] : (ofLookups[at] ?? [])), // a missing document leaves its values
      ];
      return {
        build: target.build.name,
        documents: documents ?? 0,
        problems: [...others, ...problemsOfQuarantine(target, quarantined ?? []), ...problemsOfDocuments(target, left)],
        found,
        ...(repaired !== undefined && { repaired }),
      };
    });
  }

  private compared(): Promise<readonly ComparedBuild[]> {
    const { repair } = this.options;
    if (this.targets.length === 0) return Promise.resolve([]);
    return Array.isArray(repair) ? this.repairSome(repair) : this.compareAll();
  }

  /** Of some documents only their own events are read, where the log finds them. */
  private async repairSome(keys: readonly string[]): Promise<readonly ComparedBuild[]> {
    const compared: (ComparedBuild & { readonly unknown: readonly string[] })[] = [];
    for (const target of this.targets) {
      const { documents, found, unknown, written } = await refoldSome(target, keys, this.ports, { signal: this.signal });
      const quarantined = [...(await this.ports.store.quarantined(target.projection)).values()];
      compared.push({ documents, found, quarantined, repaired: written.length, unknown });
    }
    const nowhere = keys.filter((key) => compared.every(({ unknown }) => unknown.includes(key)));
    if (nowhere.length > 0) {
      const projections = this.targets.map(({ projection }) => projection);
      const near = await nearestKeys(nowhere[0] ?? '', projections, this.ports.builds);
      throw new BadChange(`没有文档 ${nowhere.join('、')}，也没有它的事件${near}`);
    }
    return compared;
  }

  private async compareAll(): Promise<readonly ComparedBuild[]> {
    const { events, workers, types, store, builds } = this.ports;
    const projections = this.targets.map(({ projection }) => projection);
    const selections = await Promise.all(projections.map((projection) => this.selectionOf(projection)));
    // before any document is read: whatever a checkpoint says was seen, the documents have seen
    const seen = (await store.checkpoints(projections)).map(({ position }) => position);
    const waiting = await this.quarantined();
    const partitions = await partitionsFor(events, this.options.sizes);
    await this.assertSpace(selections);
    const stored = await this.scan(partitions, selections);
    const quarantined = (await this.quarantined()).map((each, place) => new Map([...(waiting[place] ?? []), ...each]));
    // after the last document was read: no document has seen an event that this lacks
    const beginning = { builds: builtBy(this.targets), readers: workers.concurrency, partitions };
    const spooled = await SpooledLog.create(join(this.folder, 'log'), beginning, events, this.options.sizes);
    const handled = new Set(new EventRouting(projections).types);
    const unhandled = types.filter((type) => !handled.has(type));
    await spooled.read(workers, this.nextBuilds, unhandled, this.meter.phase('reading'), selections);
    const tallies = await this.tally(spooled, { stored, selections, seen, quarantined: quarantined.map((each) => [...each.keys()]), partitions });
    const found = tallies.map((tally) => tally.found());
    const repaired = await this.repaired(found, spooled, quarantined);
    const left = repaired ? await this.quarantined() : quarantined;
    if (repaired) for (const projection of projections) await builds.recount(projection);
    return this.targets.map((_, place) => ({
      documents: tallies[place]?.documents ?? 0,
      found: found[place] as DifferingDocuments,
      quarantined: [...(left[place]?.values() ?? [])],
      ...(repaired && { repaired: repaired[place]?.written.length ?? 0 }),
    }));
  }

  /** For what the log and the documents take once they are spooled; a part of them takes less. @throws NotEnoughSpace */
  private async assertSpace(selections: readonly Selection[]): Promise<void> {
    if (selections.some((selection) => selection !== 'all')) return;
    const projections = this.targets.map(({ projection }) => projection);
    const sizes = await Promise.all(projections.map((projection) => this.ports.builds.size(projection)));
    const bytes = sizes.reduce((total, size) => total + size, await spoolSize(this.ports.events, projections));
    assertSpace([{ folder: this.folder, what: '中间文件', bytes }], { kind: 'sample' }, this.options.disk);
  }

  private async tally(
    spooled: SpooledLog,
    {
      stored,
      selections,
      seen,
      quarantined,
      partitions,
    }: {
      readonly stored: readonly Spool[];
      readonly selections: readonly Selection[];
      readonly seen: readonly Position[];
      readonly quarantined: readonly (readonly string[])[];
      readonly partitions: number;
    },
  ): Promise<readonly DifferingTally[]> {
    const tallies = this.targets.map(() => new DifferingTally());
    const comparePartition = async (builds: readonly BuildName[], partition: Partition) => {
      const isHere = (key: string) => hashOf(key) % partitions === partition.number;
      const waiting = quarantined.map((keys) => keys.filter(isHere));
      const compared = await this.ports.workers.compare(builds, { partition, stored, selections, seen, quarantined: waiting });
      for (const [place, each] of compared.entries()) tallies[place]?.take(each);
    };
    await spooled.fold(this.ports.workers, this.nextBuilds, comparePartition, this.meter.phase('comparing'));
    return tallies;
  }

  /** Undefined where nothing is to be repaired. */
  private async repaired(found: readonly DifferingDocuments[], spooled: SpooledLog, quarantined: readonly ReadonlyMap<string, Quarantined>[]) {
    const { repair } = this.options;
    if (repair === undefined) return undefined;
    // the fault of one in quarantine may be gone
    const wanted = (place: number) => [...new Set([...(found[place]?.keys.map(({ key }) => key) ?? []), ...(quarantined[place]?.keys() ?? [])])];
    return repairDocuments(
      this.targets,
      this.targets.map((_, place) => wanted(place)),
      spooled,
      this.ports,
      this.signal,
    );
  }

  private async selectionOf(projection: Target['projection']): Promise<Selection> {
    const { sample } = this.options;
    if (sample === undefined) return 'all';
    const of = Math.max(1, Math.floor((await this.ports.builds.inspect(projection)).stored / sample));
    return of === 1 ? 'all' : { of, part: Math.floor(Math.random() * of) };
  }

  /** By place of the build, its documents. */
  private async scan(partitions: number, selections: readonly Selection[]): Promise<readonly Spool[]> {
    const { builds, workers } = this.ports;
    const counts = await Promise.all(this.targets.map(({ projection }) => builds.inspect(projection)));
    const progress = this.meter.phase('scanning');
    progress.begin(counts.reduce((total, { stored }) => total + stored, 0));
    let documents = 0;
    return inParallel([...this.targets.keys()], workers.concurrency, async (place): Promise<Spool> => {
      const file = join(this.folder, `documents-${place}.spool`);
      const selection = selections[place] ?? 'all';
      let scanned: Scanned = { end: emptySpool(partitions), after: undefined, documents: 0, done: false };
      while (!scanned.done) {
        const [build] = (await this.nextBuilds()).slice(place);
        if (!build) throw new Error(`there is no build at ${place}`);
        const next = await workers.scan(build, { file, from: scanned, most: PIECE, selection });
        documents += next.documents - scanned.documents;
        progress.reach(documents, documents);
        scanned = next;
      }
      return { file, end: scanned.end };
    });
  }

  private quarantined(): Promise<readonly ReadonlyMap<string, Quarantined>[]> {
    return Promise.all(this.targets.map(({ projection }) => this.ports.store.quarantined(projection)));
  }

  private readonly nextBuilds: NextBuilds = async () => {
    this.signal.throwIfAborted();
    return this.targets.map(({ build }) => build);
  };
}
