import type { Position } from '../../event-store/event.js';

/**
 * `changed`: a document differs from the fold of its events; `missing`: there is none, or a tombstone; `extra`: its events fold to none;
 * `position`: it is equal, but has not seen all of its events, or others than its position says; `listing`: it is equal, but an index
 * lists it under another value; `types`: it is equal, but not stored with the declared types and
 * no other fields; `unreadable`: what is stored is not a document.
 */
export type DifferingKind = 'changed' | 'missing' | 'extra' | 'position' | 'listing' | 'types' | 'unreadable';

/** A stored document that differs from the fold of its events; sealed values are only named as such. */
export interface Differing {
  readonly key: string;
  readonly kind: DifferingKind;
  /** The value by the log and the stored value; for `listing` by index. */
  readonly fields: readonly { readonly path: string; readonly fromLog?: unknown; readonly stored?: unknown }[];
}

/** The documents of a build that differ. */
export interface DifferingDocuments {
  /** All of them, in the order of their keys. */
  readonly keys: readonly DifferingKey[];
  /** By kind, how many. */
  readonly kinds: Readonly<Partial<Record<DifferingKind, number>>>;
  /** By field (`*` for what is different in each document), in how many changed documents, most first. */
  readonly fields: readonly { readonly field: string; readonly documents: number }[];
  /** Some of them as they may be shown. */
  readonly examples: readonly Differing[];
}

/** A document that differs, where it is known which. */
export interface DifferingKey {
  readonly key: string;
  readonly kind: DifferingKind;
  /** Up to where it has seen the log; unset where there is none. */
  readonly position?: Position;
}

/** The result of comparing one partition. */
export interface Compared {
  /** Stored documents, tombstones apart. */
  readonly documents: number;
  /** Keys with a stored document or with events. */
  readonly keys: number;
  readonly differing: readonly DifferingKey[];
  /** By field, in how many documents it differs. */
  readonly fields: Readonly<Record<string, number>>;
  readonly examples: readonly Differing[];
}

/** Documents that are shown of a build. */
export const EXAMPLES = 20;
/** Fields that are counted by name; a read model has far fewer. */
const MAX_FIELDS = 1_000;

/** Counts documents that differ, and keeps a few of them as they may be shown. */
export class DifferingTally {
  documents = 0;
  keys = 0;
  private readonly differing: DifferingKey[] = [];
  private readonly documentsOf = new Map<string, number>();
  private readonly examples: Differing[] = [];

  /** @param fields of a changed document, by their names for every document */
  add(found: DifferingKey, fields: readonly string[], example: () => Differing): void {
    this.differing.push(found);
    for (const field of new Set(fields)) this.count(field, 1);
    if (this.examples.length < EXAMPLES) this.examples.push(example());
  }

  take({ documents, keys, differing, fields, examples }: Compared): void {
    this.documents += documents;
    this.keys += keys;
    this.differing.push(...differing);
    for (const [field, count] of Object.entries(fields)) this.count(field, count);
    this.examples.push(...examples);
  }

  compared(): Compared {
    const { documents, keys, differing, examples } = this;
    return { documents, keys, differing, fields: Object.fromEntries(this.documentsOf), examples };
  }

  found(): DifferingDocuments {
    const kinds: Partial<Record<DifferingKind, number>> = {};
    for (const { kind } of this.differing) kinds[kind] = (kinds[kind] ?? 0) + 1;
    const fields = Array.from(this.documentsOf, ([field, documents]) => ({ field, documents }));
    return {
      keys: this.differing.toSorted(byKey),
      kinds,
      fields: fields.sort((one, other) => other.documents - one.documents || (one.field < other.field ? -1 : 1)),
      examples: this.examples.toSorted(byKey).slice(0, EXAMPLES),
    };
  }

  private count(field: string, documents: number): void {
    if (this.documentsOf.has(field) || this.documentsOf.size < MAX_FIELDS) this.documentsOf.set(field, (this.documentsOf.get(field) ?? 0) + documents);
  }
}

function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : 1;
}
