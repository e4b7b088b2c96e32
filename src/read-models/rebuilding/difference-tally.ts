import { changedFields } from './changed-fields.js';
import type { Difference, Example, Found } from './difference.js';
import { shownJson } from './shown-json.js';

const EXAMPLES = 20;
/** Fields that are counted by name; a read model has far fewer. */
const MOST_FIELDS = 1_000;

/** Counts what differs, and keeps a few of it as they may be shown. */
export class DifferenceTally {
  private readonly added = new Examples();
  private readonly removed = new Examples();
  private readonly changed = new Examples();
  private readonly moving: string[] = [];
  private moved = 0;
  private readonly documentsOf = new Map<string, number>();

  /** Two documents of one key that have seen the same; undefined or null where there is none. */
  compare(key: string, before: unknown, after: unknown): void {
    const [was, is] = [before ?? undefined, after ?? undefined];
    const fields = changedFields(was, is);
    if (fields.length === 0) return;
    const example = (): Example => ({ key, fields: fields.map(({ path, ...values }) => ({ path, ...shown(values) })) });
    if (was === undefined) this.added.add(example);
    else if (is === undefined) this.removed.add(example);
    else {
      this.changed.add(example);
      for (const field of new Set(fields.map((each) => each.field))) {
        if (this.documentsOf.has(field) || this.documentsOf.size < MOST_FIELDS) this.documentsOf.set(field, (this.documentsOf.get(field) ?? 0) + 1);
      }
    }
  }

  /** A document that changes all the time. */
  move(key: string): void {
    this.moved++;
    if (this.moving.length < EXAMPLES) this.moving.push(key);
  }

  result(): Pick<Difference, 'added' | 'removed' | 'changed' | 'fields' | 'moving'> {
    const fields = Array.from(this.documentsOf, ([field, documents]) => ({ field, documents }));
    return {
      ...{ added: this.added.found(), removed: this.removed.found(), changed: this.changed.found() },
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

  found(): Found {
    return { documents: this.documents, examples: this.examples };
  }
}

function shown({ before, after }: { readonly before: unknown; readonly after: unknown }) {
  return { ...(before !== undefined && { before: shownJson(before) }), ...(after !== undefined && { after: shownJson(after) }) };
}
