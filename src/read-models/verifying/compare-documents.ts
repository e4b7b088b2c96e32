import { type ChangedField, changedFields } from '../differences/changed-fields.js';
import { shownJson } from '../differences/shown-json.js';
import type { Projection } from '../projection.js';
import { listingOf, type Stored, type StoredDocument } from '../read-models.js';
import type { Differing, DifferingKind, DifferingTally } from './differing.js';

/** Documents of one build beside what their events come to. */
export interface BesideLog {
  /** The stored documents, tombstones included. */
  readonly stored: ReadonlyMap<string, StoredDocument>;
  /** Each folded as far as the stored one has seen. */
  readonly folded: ReadonlyMap<string, Stored>;
  /** Keys of documents that have seen less than they must have seen. */
  readonly late: ReadonlySet<string>;
  /** Keys in quarantine: those see no more. */
  readonly quarantined: ReadonlySet<string>;
}

/** Fields of one document that are shown. */
const MAX_FIELDS = 50;

/** Compares stored documents with the folded ones as JSON, with what they are listed under, and tallies those that differ. */
export function compareDocuments(projection: Projection, { stored, folded, late, quarantined }: BesideLog, tally: DifferingTally): void {
  const keys = new Set([...stored.keys(), ...folded.keys()]);
  for (const key of keys) {
    const differing = comparedOf(projection, folded.get(key), stored.get(key), late.has(key) && !quarantined.has(key));
    if (!differing) continue;
    const position = stored.get(key)?.position;
    const example = (): Differing => ({ key, kind: differing.kind, fields: differing.fields.slice(0, MAX_FIELDS).map(shown) });
    tally.add(
      { key, kind: differing.kind, ...(position !== undefined && { position }) },
      differing.kind === 'changed' ? differing.fields.map(({ field }) => field) : [],
      example,
    );
  }
  tally.keys += keys.size;
  for (const { document } of stored.values()) if (document !== null) tally.documents++;
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
  if (listed.length > 0) return { kind: 'listing', fields: listed };
  return stored.isStoredOtherwise ? { kind: 'types', fields: [] } : undefined;
}

function shown({ path, before, after }: ChangedField): Differing['fields'][number] {
  return { path, ...(before !== undefined && { fromLog: shownJson(before) }), ...(after !== undefined && { stored: shownJson(after) }) };
}

/** As it would be read once it is written; undefined where there is none. */
function asJson(document: unknown): unknown {
  return document === null || document === undefined ? undefined : JSON.parse(JSON.stringify(document));
}
