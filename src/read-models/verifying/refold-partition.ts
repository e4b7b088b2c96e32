import type { Projection } from '../projection.js';
import type { ExpectedDocument } from '../read-models.js';
import { bytesOf, type Partition, rounds, takeAll } from '../rebuilding/fold-partition.js';
import { PartitionFold } from '../rebuilding/partition-fold.js';

/** By place of the projection, which documents of a partition are wanted. */
export interface Refolding {
  readonly partition: Partition;
  readonly keys: readonly (readonly string[])[];
}

/** What documents of a partition come to by the whole of their events, by place of the projection and key. */
export function refoldPartition(projections: readonly Projection[], { partition, keys }: Refolding): readonly ReadonlyMap<string, ExpectedDocument>[] {
  const wanted = keys.map((each) => new Set(each));
  const refolded = projections.map((_, place) => new Map<string, ExpectedDocument>(keys[place]?.map((key) => [key, { stored: undefined }])));
  for (const isOfRound of rounds(partition, bytesOf(partition))) {
    const isIncluded = (key: string, place: number) => isOfRound(key) && wanted[place]?.has(key) === true;
    const fold = new PartitionFold(projections, { isIncluded, bounds: partition.bounds });
    takeAll(fold, partition);
    for (const place of projections.keys()) {
      for (const [key, stored] of fold.of(place)) refolded[place]?.set(key, { stored });
      for (const { key, ...fault } of fold.quarantined(place)) refolded[place]?.set(key, { stored: fold.of(place).get(key), fault });
    }
  }
  return refolded;
}
