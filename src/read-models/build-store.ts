import type { Projection } from './projection.js';
import type { Checkpoint, Quarantined, Stored, StoredDocument } from './read-models.js';
import { BadChange, type Registry } from './registry.js';

/** Documents of two builds under one key; undefined where there is none, or a tombstone. */
export interface Pair {
  readonly key: string;
  readonly one: Stored | undefined;
  readonly other: Stored | undefined;
}

/** How a build is stored, its documents apart. */
export interface Inspection {
  /** Whether the place of its documents is there, and is made for the indexes that its projection declares. */
  readonly place: 'whole' | 'missing' | 'other';
  /** Declared indexes that are not there. */
  readonly missingIndexes: readonly string[];
  /** Declared indexes in whose place there are others of their names. */
  readonly otherIndexes: readonly string[];
  /** Stored documents, tombstones included. */
  readonly stored: number;
  /** How many there were by what is kept with the checkpoint; undefined where that is not known, as while a write is unfinished. */
  readonly kept?: number;
  /** Nothing at all is kept of their number, although there is a checkpoint. */
  readonly isUncounted?: true;
}

/** Stores builds of read models and their registry. */
export abstract class BuildStore {
  /** The file in which builds are kept, where that is on this machine. */
  readonly file: string | undefined;

  abstract registry(): Promise<Registry>;

  /** Writes a registry whose revision is one more than the stored one's (compare and swap); false when another writer was first. */
  abstract replace(registry: Registry): Promise<boolean>;

  /** The names of all builds of which something is stored, whether the registry has them or not. */
  abstract storedBuilds(): Promise<readonly string[]>;

  /** Creates the storage of a build's documents. */
  abstract prepare(projection: Projection): Promise<void>;

  /** That this store can hold a document. @throws Error */
  abstract assertStorable(projection: Projection, document: unknown): void;

  /**
   * Writes documents and quarantine records of a build that has no other writer; a stored document with a later position is kept.
   * @throws UnstorableDocument
   */
  abstract fill(projection: Projection, documents: ReadonlyMap<string, Stored>, quarantined: readonly Quarantined[]): Promise<void>;

  /** Sets the build's checkpoint; to be called once its documents are written. */
  abstract complete(projection: Projection, checkpoint: Checkpoint): Promise<void>;

  /**
   * At most `limit` stored documents in an order of the keys that is always the same, after a key; tombstones included, and those that
   * cannot be read.
   */
  abstract scan(projection: Projection, after: string | undefined, limit: number): Promise<readonly StoredDocument[]>;

  /** The stored documents of these keys with what they are listed under; tombstones included, and those that cannot be read. */
  abstract find(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>;

  /** The keys of all stored documents, tombstones included, some thousand at a time. */
  abstract keys(projection: Projection): AsyncIterable<readonly string[]>;

  /** At most `limit` keys, one after another, from a place that is another each time; tombstones included. */
  abstract someKeys(projection: Projection, limit: number): Promise<readonly string[]>;

  /** Keys of documents that cannot be read; none where a store takes nothing else. */
  async unreadable(_projection: Projection): Promise<readonly string[]> {
    return [];
  }

  /**
   * Looks at some thousand keys of both builds after a key and answers those whose stored documents are not the same text;
   * `next` is where to go on, undefined at the end; `looked` how many keys with a document were looked at.
   */
  abstract unequal(
    one: Projection,
    other: Projection,
    after: string | undefined,
  ): Promise<{ readonly pairs: readonly Pair[]; readonly looked: number; readonly next: string | undefined }>;

  /** How many documents (tombstones apart) a build has. */
  abstract count(projection: Projection): Promise<number>;

  /** Looks at the place of a build without reading its documents, however many there are. */
  abstract inspect(projection: Projection): Promise<Inspection>;

  /** About how many bytes of `file` a build takes; 0 where builds are kept elsewhere. */
  async size(_projection: Projection): Promise<number> {
    return 0;
  }

  /** How many values lookups keep of documents that are not stored; none where a store keeps them with the document. */
  async orphanedValues(_projection: Projection): Promise<number> {
    return 0;
  }

  /** Removes these values. */
  async removeOrphanedValues(_projection: Projection): Promise<void> {}

  /** Counts the stored documents and keeps their number with the checkpoint; while a projector is at work, its next batch may do so. */
  abstract recount(projection: Projection): Promise<void>;

  /** Does so where no number is kept: a release before kept none, or it was lost. */
  abstract countUncounted(projections: readonly Projection[]): Promise<void>;

  /** Takes a document out of quarantine. */
  abstract release(projection: Projection, key: string): Promise<void>;

  /** Removes a build's documents, checkpoint and quarantine records; nothing happens when there are none. */
  abstract drop(projection: Projection): Promise<void>;

  abstract close(): Promise<void>;

  /**
   * Changes the registry, retrying when another writer was first.
   * @throws BadChange what `change` throws
   */
  async change(change: (registry: Registry) => Registry): Promise<Registry> {
    for (let lost = 0; lost < MAX_LOST; lost++) {
      const before = await this.registry();
      const after = change(before);
      if (after === before) return before;
      const next = { ...after, revision: before.revision + 1 };
      if (await this.replace(next)) return next;
    }
    throw new BadChange('别人也在改动，请稍后再试');
  }
}

const MAX_LOST = 50;

/** Where, among so many, to begin with some of them: anywhere that leaves enough. */
export function placeIn(all: number, some: number): number {
  return Math.floor(Math.random() * Math.max(1, all - some + 1));
}
