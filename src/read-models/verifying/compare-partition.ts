import { type Position, START } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import type { Stored } from '../read-models.js';
import { changedFields } from '../rebuilding/changed-fields.js';
import { bytesOf, type Partition, rounds, takeAll } from '../rebuilding/fold-partition.js';
import { PartitionFold } from '../rebuilding/partition-fold.js';
import { shownJson } from '../rebuilding/shown-json.js';
import { entriesOf, type Spool } from '../rebuilding/spool.js';
import type { SpooledDocument } from './spool-documents.js';

/** A partition of the log and, by place of the projection, the stored documents that belong to it. */
export interface Comparing {
  readonly partition: Partition;
  readonly stored: readonly Spool[];
  /** Up to where every document must have seen the log. */
  readonly seen: readonly Position[];
  /** Keys of the partition that are in quarantine: they wait for a person, and see no more. */
  readonly quarantined: readonly (readonly string[])[];
}

/**
 * `changed`: a document says something else than its events; `missing`: there is none, or a tombstone; `extra`: its events
 * come to none; `position`: it says the same, but of its events it has not seen all, or others than it claims.
 */
export type DifferingKind = 'changed' | 'missing' | 'extra' | 'position';

/** A stored document that is not what its events come to; sealed values are only named as such. */
export interface Differing {
  readonly key: string;
  readonly kind: DifferingKind;
  /** What the log says, and what is stored. */
  readonly fields: readonly { readonly path: string; readonly fromLog?: unknown; readonly stored?: unknown }[];
}

/** What came of it for one projection. */
export interface Compared {
  /** Stored documents, tombstones apart. */
  readonly documents: number;
  readonly differing: readonly Differing[];
}

/** Fields of one document that are shown. */
const MAX_FIELDS = 50;

/** Folds each document of a partition as far as the stored one has seen, and compares the two as JSON. */
export function comparePartition(projections: readonly Projection[], { partition, stored, seen, quarantined }: Comparing): readonly Compared[] {
  const found = projections.map(() => ({ documents: 0, differing: [] as Differing[] }));
  const waiting = quarantined.map((keys) => new Set(keys));
  const bytes = bytesOf(partition) + bytesOf({ number: partition.number, spools: stored });
  for (const isMine of rounds(partition, bytes)) {
    const documents = stored.map((spool) => storedIn(spool, partition.number, isMine));
    const upTo = (place: number, key: string) => documents[place]?.get(key)?.position ?? (waiting[place]?.has(key) ? START : seen[place]);
    const fold = new PartitionFold(projections, { isMine, bounds: partition.bounds, upTo, seen });
    takeAll(fold, partition);
    for (const [place, outcome] of found.entries()) {
      const [mine, folded] = [documents[place] ?? new Map<string, Stored>(), fold.of(place)];
      const isLate = (key: string) => fold.behind(place).has(key) && !waiting[place]?.has(key);
      for (const key of new Set([...mine.keys(), ...folded.keys()])) {
        const differing = compared(key, folded.get(key), mine.get(key), isLate(key));
        if (differing) outcome.differing.push(differing);
      }
      for (const { document } of mine.values()) if (document !== null) outcome.documents++;
    }
  }
  return found;
}

function storedIn(spool: Spool, partition: number, isMine: (key: string) => boolean): Map<string, Stored> {
  const documents = new Map<string, Stored>();
  for (const entries of entriesOf<SpooledDocument>(spool, partition)) {
    for (const [key, position, document] of entries) if (isMine(key)) documents.set(key, { position, document });
  }
  return documents;
}

function compared(key: string, folded: Stored | undefined, stored: Stored | undefined, isLate: boolean): Differing | undefined {
  const [fromLog, kept] = [asJson(folded?.document), stored?.document ?? undefined];
  const fields = changedFields(fromLog, kept)
    .slice(0, MAX_FIELDS)
    .map(({ path, before, after }) => ({
      path,
      ...(before !== undefined && { fromLog: shownJson(before) }),
      ...(after !== undefined && { stored: shownJson(after) }),
    }));
  if (fields.length > 0) return { key, kind: kept === undefined ? 'missing' : fromLog === undefined ? 'extra' : 'changed', fields };
  if (!stored) return undefined; // there never was one, and what was removed is not there
  return isLate || folded?.position !== stored.position ? { key, kind: 'position', fields: [] } : undefined;
}

/** As it would be read once it is written; undefined where there is none. */
function asJson(document: unknown): unknown {
  return document === null || document === undefined ? undefined : JSON.parse(JSON.stringify(document));
}
