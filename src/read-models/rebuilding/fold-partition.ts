import type { BuildStore } from '../build-store.js';
import { type AssertStorable, storing } from '../projecting/fold-document.js';
import type { WriteThrottle } from '../projecting/write-throttle.js';
import type { Projection } from '../projection.js';
import type { Stored } from '../read-models.js';
import { hashOf } from '../spooling/partitions.js';
import { entriesOf, type Spool } from '../spooling/spool.js';
import { eventSpooled, type SpooledEvent } from '../spooling/spooled-event.js';
import { type Part, PartitionFold } from './partition-fold.js';

/** Bytes of entries that are folded in one round, so that the documents of a round fit into memory. */
const CONCURRENCY = 16 * 1024 * 1024;
/** Documents in one write. */
const WRITE = 1_000;

/** A partition of what was spooled. */
export interface Partition {
  readonly number: number;
  /** In the log's order. */
  readonly spools: readonly Spool[];
  /** By place of the projection, the last position that it sees; undefined: all there is. */
  readonly bounds: Part['bounds'];
}

/** Folds the events of a partition and writes each document once. */
export async function foldPartition(builds: BuildStore, projections: readonly Projection[], partition: Partition, pace: WriteThrottle): Promise<void> {
  const assertStorable: AssertStorable = (projection, document) => builds.assertStorable(projection, document);
  for (const isIncluded of rounds(partition, bytesOf(partition))) {
    await storing(assertStorable, async (asserting) => {
      const fold = new PartitionFold(projections, { isIncluded, bounds: partition.bounds, ...(asserting && { assertStorable: asserting }) });
      takeAll(fold, partition);
      for (const [place, projection] of projections.entries()) {
        const quarantined = fold.quarantined(place);
        for (const documents of inParts(fold.of(place), WRITE)) await pace.write(documents.size, () => builds.fill(projection, documents, []));
        if (quarantined.length > 0) await pace.write(quarantined.length, () => builds.fill(projection, new Map(), quarantined));
      }
    });
  }
}

/** A large partition is folded in several rounds: for each round, which keys belong to it. */
export function* rounds({ number, spools }: Pick<Partition, 'number' | 'spools'>, bytes: number): Generator<(key: string) => boolean> {
  const partitions = spools[0]?.end.last.length ?? 1;
  const count = Math.max(1, Math.ceil(bytes / CONCURRENCY));
  for (let round = 0; round < count; round++) yield (key) => hashOf(key) % (partitions * count) === number + partitions * round;
}

export function bytesOf({ number, spools }: Pick<Partition, 'number' | 'spools'>): number {
  return spools.reduce((bytes, { end }) => bytes + (end.bytes[number] ?? 0), 0);
}

export function takeAll(fold: PartitionFold, { number, spools }: Pick<Partition, 'number' | 'spools'>): void {
  for (const spool of spools) for (const events of entriesOf<SpooledEvent>(spool, number)) for (const event of events) fold.take(eventSpooled(event));
}

function* inParts(documents: ReadonlyMap<string, Stored>, size: number): Generator<ReadonlyMap<string, Stored>> {
  let part = new Map<string, Stored>();
  for (const [key, stored] of documents) {
    part.set(key, stored);
    if (part.size < size) continue;
    yield part;
    part = new Map();
  }
  if (part.size > 0) yield part;
}
