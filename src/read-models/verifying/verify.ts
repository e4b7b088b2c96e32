import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../kernel/file-owner.js';
import { inParallel } from '../../kernel/in-parallel.js';
import { EventRouting } from '../projecting/event-routing.js';
import type { Partition } from '../rebuilding/fold-partition.js';
import { hashOf } from '../rebuilding/partitions.js';
import type { ReplayOptions, ReplayPorts } from '../rebuilding/rebuild.js';
import { builtBy, type Target } from '../rebuilding/rebuild-targets.js';
import { lockFolder } from '../rebuilding/replay-lock.js';
import { ReplayProgressReporter } from '../rebuilding/replay-progress.js';
import type { BuildName } from '../rebuilding/replay-workers.js';
import { emptySpool, type Spool } from '../rebuilding/spool.js';
import { type GoOn, partitionsFor, SpooledLog } from '../rebuilding/spooled-log.js';
import type { Differing } from './compare-partition.js';
import type { Scanned } from './spool-documents.js';

/** What came of comparing the stored documents of a build with a fold of the log. */
export interface Verified {
  readonly build: string;
  /** Stored documents. */
  readonly documents: number;
  /** All of them, in the order of their keys; the fields of the first that were found. */
  readonly differing: readonly Differing[];
  /** Keys in quarantine: they were compared as far as they have seen. */
  readonly quarantined: readonly string[];
  /** Why the build goes no further than some event. */
  readonly stopped?: string;
}

/** Documents of one piece of scanning. */
const PIECE = 20_000;
/** Differing documents of a build whose fields are told: all of a read model may differ. */
const MAX_SHOWN = 1_000;

/**
 * Folds the log anew and compares each stored document with what its events come to, as far as the document has seen. A
 * build that the projector keeps up meanwhile is compared as it was when its documents were read. Nothing is written.
 * @throws AlreadyReplaying, StoreUnavailable, and the signal's reason
 */
export async function verify(targets: readonly Target[], ports: ReplayPorts, options: ReplayOptions = {}): Promise<readonly Verified[]> {
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

class Verifying {
  private readonly meter: ReplayProgressReporter;

  constructor(
    private readonly targets: readonly Target[],
    private readonly ports: ReplayPorts,
    private readonly options: ReplayOptions,
    private readonly folder: string,
  ) {
    this.meter = new ReplayProgressReporter(options.progress ?? (() => undefined));
  }

  async run(): Promise<readonly Verified[]> {
    const { events, workers, types, store } = this.ports;
    const projections = this.targets.map(({ projection }) => projection);
    // before any document is read: whatever a checkpoint says was seen, the documents have seen
    const seen = (await store.checkpoints(projections)).map(({ position }) => position);
    const waiting = await this.quarantined();
    const partitions = await partitionsFor(events, this.options.sizes);
    const stored = await this.scan(partitions);
    const quarantined = (await this.quarantined()).map((keys, place) => [...new Set([...keys, ...(waiting[place] ?? [])])]);
    // after the last document was read: no document has seen an event that this lacks
    const beginning = { builds: builtBy(this.targets), readers: workers.concurrency, partitions };
    const spooled = await SpooledLog.begun(join(this.folder, 'log'), beginning, events, this.options.sizes);
    const handled = new Set(new EventRouting(projections).types);
    const unhandled = types.filter((type) => !handled.has(type));
    await spooled.read(workers, this.goOn, unhandled, this.meter.phase('reading'));
    const verified = this.targets.map(({ build: { name } }, place) => {
      const stopped = spooled.stopOf(name)?.reason;
      return { build: name, documents: 0, differing: [] as Differing[], quarantined: quarantined[place] ?? [], ...(stopped !== undefined && { stopped }) };
    });
    const compare = async (builds: readonly BuildName[], partition: Partition) => {
      const isHere = (key: string) => hashOf(key) % partitions === partition.number;
      const compared = await workers.compare(builds, { partition, stored, seen, quarantined: quarantined.map((keys) => keys.filter(isHere)) });
      for (const [place, { documents, differing }] of compared.entries()) {
        const outcome = verified[place];
        if (!outcome) continue;
        outcome.documents += documents;
        for (const each of differing) outcome.differing.push(outcome.differing.length < MAX_SHOWN ? each : { ...each, fields: [] });
      }
    };
    await spooled.fold(workers, this.goOn, compare, this.meter.phase('comparing'));
    for (const { differing } of verified) differing.sort((one, other) => (one.key < other.key ? -1 : 1));
    return verified;
  }

  /** By place of the build, its documents. */
  private async scan(partitions: number): Promise<readonly Spool[]> {
    const { builds, workers } = this.ports;
    const counts = await Promise.all(this.targets.map(({ projection }) => builds.count(projection)));
    const progress = this.meter.phase('scanning');
    progress.begin(counts.reduce((total, count) => total + count, 0));
    let documents = 0;
    return inParallel([...this.targets.keys()], workers.concurrency, async (place): Promise<Spool> => {
      const file = join(this.folder, `documents-${place}.spool`);
      let scanned: Scanned = { end: emptySpool(partitions), after: undefined, documents: 0, done: false };
      while (!scanned.done) {
        const [build] = (await this.goOn()).slice(place);
        if (!build) throw new Error(`there is no build at ${place}`);
        const next = await workers.scan(build, { file, from: scanned, most: PIECE });
        documents += next.documents - scanned.documents;
        progress.reach(documents, documents);
        scanned = next;
      }
      return { file, end: scanned.end };
    });
  }

  private quarantined(): Promise<readonly (readonly string[])[]> {
    return Promise.all(this.targets.map(async ({ projection }) => [...(await this.ports.store.quarantined(projection)).keys()]));
  }

  private readonly goOn: GoOn = async () => {
    this.options.signal?.throwIfAborted();
    return this.targets.map(({ build }) => build);
  };
}
