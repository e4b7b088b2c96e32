import { type Position, START } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import type { StoredDocument } from '../read-models.js';
import { bytesOf, type Partition, rounds, takeAll } from '../rebuilding/fold-partition.js';
import { PartitionFold } from '../rebuilding/partition-fold.js';
import { entriesOf, type Spool } from '../spooling/spool.js';
import { compareDocuments } from './compare-documents.js';
import { type Compared, DifferingTally } from './differing.js';
import { type Selection, selecting } from './selection.js';
import type { SpooledDocument } from './spool-documents.js';

/** A partition of the log and, by place of the projection, the stored documents that belong to it. */
export interface Comparing {
  readonly partition: Partition;
  readonly stored: readonly Spool[];
  readonly selections: readonly Selection[];
  /** Up to where every document must have seen the log. */
  readonly seen: readonly Position[];
  /** Keys of the partition that are in quarantine: they wait for a person, and see no more. */
  readonly quarantined: readonly (readonly string[])[];
}

/** Folds each document of a partition as far as the stored one has seen, and compares the two. */
export function comparePartition(projections: readonly Projection[], { partition, stored, selections, seen, quarantined }: Comparing): readonly Compared[] {
  const found = projections.map(() => new DifferingTally());
  const waiting = quarantined.map((keys) => new Set(keys));
  const selected = selections.map(selecting);
  const bytes = bytesOf(partition) + bytesOf({ number: partition.number, spools: stored });
  for (const isOfRound of rounds(partition, bytes)) {
    const documents = stored.map((spool) => storedIn(spool, partition.number, isOfRound));
    const upTo = (place: number, key: string) => documents[place]?.get(key)?.position ?? (waiting[place]?.has(key) ? START : seen[place]);
    const isIncluded = (key: string, place: number) => isOfRound(key) && selected[place]?.(key) === true;
    const fold = new PartitionFold(projections, { isIncluded, bounds: partition.bounds, upTo, seen });
    takeAll(fold, partition);
    for (const [place, projection] of projections.entries()) {
      const [mine, inQuarantine] = [documents[place] ?? new Map<string, StoredDocument>(), waiting[place] ?? new Set<string>()];
      const beside = { stored: mine, folded: fold.of(place), late: fold.behind(place), quarantined: inQuarantine };
      compareDocuments(projection, beside, found[place] as DifferingTally);
    }
  }
  return found.map((tally) => tally.compared());
}

function storedIn(spool: Spool, partition: number, isIncluded: (key: string) => boolean): Map<string, StoredDocument> {
  const documents = new Map<string, StoredDocument>();
  for (const entries of entriesOf<SpooledDocument>(spool, partition)) {
    for (const [key, position, document, listed, fault] of entries) {
      if (!isIncluded(key)) continue;
      const faults = { ...(fault === 'unreadable' && { unreadable: '' }), ...(fault === 'types' && { isStoredOtherwise: true as const }) };
      documents.set(key, { key, position, document, ...(listed && { listed }), ...faults });
    }
  }
  return documents;
}
