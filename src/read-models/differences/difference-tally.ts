import { changedFields } from './changed-fields.js';
import { shownJson } from './shown-json.js';

/** In what two builds of a read model differ. Sealed values are only named as such. */
export interface Difference {
  /** What is served, or the build that was named first. */
  readonly one: string;
  /** What was rebuilt, or the build that was named second. */
  readonly other: string;
  /** Documents that were compared. */
  readonly compared: number;
  readonly added: CountedDocuments;
  readonly removed: CountedDocuments;
  readonly changed: CountedDocuments;
  /** By field (`*` for what is different in each document), in how many documents it changed, most first. */
  readonly fields: readonly { readonly field: string; readonly documents: number }[];
  /** Documents that were changing all the time: nobody can tell about them. */
  readonly moving: { readonly documents: number; readonly examples: readonly string[] };
  /** Keys in quarantine in the other build that are not in the one. */
  readonly newlyQuarantined: readonly string[];
}

/** `added`: the one build has no such document; `removed`: the other has none; `moving` and `quarantined` as in a Difference. */
export type DifferenceKind = 'added' | 'removed' | 'changed' | 'moving' | 'quarantined';

/** Receives the key of each document that differs, in no order. */
export type EachDifferent = (kind: DifferenceKind, key: string) => void;

/** Documents of one kind, with some of them. */
export interface CountedDocuments {
  readonly documents: number;
  readonly examples: readonly Example[];
}

export interface Example {
  readonly key: string;
  /** Of a changed document, its changed fields; of another, the whole document under the path ''. */
  readonly fields: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

const EXAMPLES = 20;
/** Fields that are counted by name; a read model has far fewer. */
const MAX_FIELDS = 1_000;

/** Counts what differs, and keeps a few of it as they may be shown. */
export class DifferenceTally {
  private readonly added = new Examples();
  private readonly removed = new Examples();
  private readonly changed = new Examples();
  private readonly moving: string[] = [];
  private moved = 0;
  private readonly documentsOf = new Map<string, number>();

  constructor(private readonly each: EachDifferent = () => undefined) {}

  /** Two documents of one key that have seen the same; undefined or null where there is none. */
  add(key: string, before: unknown, after: unknown): void {
    const [was, is] = [before ?? undefined, after ?? undefined];
    const fields = changedFields(was, is);
    if (fields.length === 0) return;
    const kind = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    this.each(kind, key);
    this[kind].add((): Example => ({ key, fields: fields.map(({ path, ...values }) => ({ path, ...shown(values) })) }));
    if (kind === 'changed') {
      for (const field of new Set(fields.map((each) => each.field))) {
        if (this.documentsOf.has(field) || this.documentsOf.size < MAX_FIELDS) this.documentsOf.set(field, (this.documentsOf.get(field) ?? 0) + 1);
      }
    }
  }

  /** A document that changes all the time. */
  move(key: string): void {
    this.each('moving', key);
    this.moved++;
    if (this.moving.length < EXAMPLES) this.moving.push(key);
  }

  result(): Pick<Difference, 'added' | 'removed' | 'changed' | 'fields' | 'moving'> {
    const fields = Array.from(this.documentsOf, ([field, documents]) => ({ field, documents }));
    return {
      added: this.added.found(),
      removed: this.removed.found(),
      changed: this.changed.found(),
      fields: fields.sort((one, other) => other.documents - one.documents || (one.field < other.field ? -1 : 1)),
      moving: { documents: this.moved, examples: this.moving },
    };
  }
}

class Examples {
  private documents = 0;
  private readonly examples: Example[] = [];

  add(example: () => Example): void {
    if (this.documents++ < EXAMPLES) this.examples.push(example());
  }

  found(): CountedDocuments {
    return { documents: this.documents, examples: this.examples };
  }
}

function shown({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  return { ...(before !== undefined && { before: shownJson(before) }), ...(after !== undefined && { after: shownJson(after) }) };
}
