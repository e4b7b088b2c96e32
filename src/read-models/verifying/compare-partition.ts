import { type Position, START } from '../../event-store/event.js';
import type { Projection } from '../projection.js';
import { listingOf, type Stored, type StoredDocument } from '../read-models.js';
import { type ChangedField, changedFields } from '../rebuilding/changed-fields.js';
import { bytesOf, type Partition, rounds, takeAll } from '../rebuilding/fold-partition.js';
import { PartitionFold } from '../rebuilding/partition-fold.js';
import { shownJson } from '../rebuilding/shown-json.js';
import { entriesOf, type Spool } from '../rebuilding/spool.js';
import { type Compared, type Differing, type DifferingKind, DifferingTally } from './differing.js';
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

/** Fields of one document that are shown. */
const MAX_FIELDS = 50;

/** Folds each document of a partition as far as the stored one has seen, and compares the two as JSON, and what it is listed under. */
export function comparePartition(projections: readonly Projection[], { partition, stored, selections, seen, quarantined }: Comparing): readonly Compared[] {
  const found = projections.map(() => new DifferingTally());
  const waiting = quarantined.map((keys) => new Set(keys));
  const selected = selections.map(selecting);
  const bytes = bytesOf(partition) + bytesOf({ number: partition.number, spools: stored });
  for (const isOfRound of rounds(partition, bytes)) {
    const documents = stored.map((spool) => storedIn(spool, partition.number, isOfRound));
    const upTo = (place: number, key: string) => documents[place]?.get(key)?.position ?? (waiting[place]?.has(key) ? START : seen[place]);
    const isMine = (key: string, place: number) => isOfRound(key) && selected[place]?.(key) === true;
    const fold = new PartitionFold(projections, { isMine, bounds: partition.bounds, upTo, seen });
    takeAll(fold, partition);
    for (const [place, projection] of projections.entries()) {
      const [mine, folded, tally] = [documents[place] ?? new Map<string, StoredDocument>(), fold.of(place), found[place] as DifferingTally];
      const keys = new Set([...mine.keys(), ...folded.keys()]);
      for (const key of keys) {
        const isLate = fold.behind(place).has(key) && !waiting[place]?.has(key);
        const differing = comparedOf(projection, folded.get(key), mine.get(key), isLate);
        if (!differing) continue;
        const position = mine.get(key)?.position;
        const example = (): Differing => ({ key, kind: differing.kind, fields: differing.fields.slice(0, MAX_FIELDS).map(shown) });
        tally.add(
          { key, kind: differing.kind, ...(position !== undefined && { position }) },
          differing.kind === 'changed' ? differing.fields.map(({ field }) => field) : [],
          example,
        );
      }
      tally.keys += keys.size;
      for (const { document } of mine.values()) if (document !== null) tally.documents++;
    }
  }
  return found.map((tally) => tally.compared());
}

function storedIn(spool: Spool, partition: number, isMine: (key: string) => boolean): Map<string, StoredDocument> {
  const documents = new Map<string, StoredDocument>();
  for (const entries of entriesOf<SpooledDocument>(spool, partition)) {
    for (const [key, position, document, listed, isUnreadable] of entries) {
      if (isMine(key)) documents.set(key, { key, position, document, ...(listed && { listed }), ...(isUnreadable && { unreadable: '' }) });
    }
  }
  return documents;
}

/** In what a stored document differs from what its events come to; undefined where it does not. */
export function comparedOf(
  projection: Projection,
  folded: Stored | undefined,
  stored: StoredDocument | undefined,
  isLate: boolean,
): { readonly kind: DifferingKind; readonly fields: readonly ChangedField[] } | undefined {
  if (stored?.unreadable !== undefined) return { kind: 'unreadable', fields: [] };
  const [fromLog, kept] = [asJson(folded?.document), stored?.document ?? undefined];
  const fields = changedFields(fromLog, kept);
  if (fields.length > 0) return { kind: kept === undefined ? 'missing' : fromLog === undefined ? 'extra' : 'changed', fields };
  if (!stored) return undefined; // there never was one, and what was removed is not there
  if (isLate || folded?.position !== stored.position) return { kind: 'position', fields: [] };
  const listed = changedFields(listingOf(projection, stored.document), stored.listed);
  return listed.length > 0 ? { kind: 'listing', fields: listed } : undefined;
}

function shown({ path, before, after }: ChangedField): Differing['fields'][number] {
  return { path, ...(before !== undefined && { fromLog: shownJson(before) }), ...(after !== undefined && { stored: shownJson(after) }) };
}

/** As it would be read once it is written; undefined where there is none. */
function asJson(document: unknown): unknown {
  return document === null || document === undefined ? undefined : JSON.parse(JSON.stringify(document));
}
