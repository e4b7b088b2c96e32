import type { Position } from '../event-store/event.js';
import { nameOf, type Projection, type ReadModel } from './projection.js';

/** A listed document with its key, and the cursor from which the next page continues. */
export interface Listed<Document> {
  readonly key: string;
  readonly cursor: string;
  readonly document: Document;
}

/** All documents of a read model at one position, and the keys in quarantine then. */
export interface ReadModelSnapshot<Document> {
  /** The position that they have seen together. */
  readonly position: Position;
  readonly documents: ReadonlyMap<string, Document>;
  /** How far those have seen that have seen more, removed ones too: a store may write documents before their checkpoint. */
  readonly ahead?: ReadonlyMap<string, Position>;
  /** Keys of documents that have not seen all events up to it, and take no more. */
  readonly quarantined: ReadonlySet<string>;
}

/** The read side as pages see it: one document by key, or a page of an index. Keys are any well-formed text. */
export abstract class ReadModels {
  /** The document, or the projection's `empty`. */
  abstract get<Document>(projection: ReadModel<Document>, key: string): Promise<Document>;

  /**
   * At most `limit` documents in the order of an index and, where it says the same of several, of their keys; from its
   * beginning or after a cursor.
   * @throws UnreadableCursor when the cursor is none that was given out (it may have come in an address)
   */
  abstract list<Document>(projection: ReadModel<Document>, index: string, after: string | undefined, limit: number): Promise<readonly Listed<Document>[]>;

  /**
   * At most `limit` documents that a lookup of the projection finds by a value, in an order of their keys that is always the same; from
   * the first or after a cursor.
   * @throws UnreadableCursor
   */
  abstract lookUp<Document>(
    projection: ReadModel<Document>,
    lookup: string,
    value: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Listed<Document>[]>;

  /** All documents of a read model of reference data. */
  abstract all<Document>(projection: ReadModel<Document>): Promise<ReadModelSnapshot<Document>>;

  /** How far all of these read models have come: the earliest of their checkpoints. */
  abstract checkpoint(projections: readonly Projection[]): Promise<Checkpoint>;

  /** The position of that. */
  async position(projections: readonly Projection[]): Promise<Position> {
    return (await this.checkpoint(projections)).position;
  }

  /** Whether the document of a key takes no more events until a person has looked: it may be older than its read model. */
  abstract isQuarantined(readModel: ReadModel<unknown>, key: string): Promise<boolean>;

  /** Those whose tables or collection are gone, or made otherwise; no document is read for it. */
  async withoutPlace<P extends ReadModel<unknown>>(_projections: readonly P[]): Promise<readonly P[]> {
    return [];
  }

  /** A text that changes when other builds of them are served: a cache of their documents is to be reloaded then. */
  async servedBuilds(_projections: readonly Projection[]): Promise<string> {
    return '';
  }

  abstract close(): Promise<void>;
}

/** @throws Error for an index or lookup that is not declared, RangeError for a page of nothing */
export function assertPage<Document>(model: ReadModel<Document>, kind: 'indexes' | 'lookups', name: string, limit: number): void {
  if (!Object.hasOwn(model[kind] ?? {}, name)) throw new Error(`read model ${nameOf(model)} declares no ${kind === 'indexes' ? 'index' : 'lookup'} ${name}`);
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a page of ${limit} documents`);
}

/** A document as stored, with the position of the last event that it has seen. */
export interface Stored {
  readonly position: Position;
  /** null: there is none any more, but it is remembered up to which event. */
  readonly document: unknown;
  /** Why the document cannot be read, where it cannot; `document` is null then. */
  readonly unreadable?: string;
}

/** A stored document with its key; `document` is null for a tombstone. */
export interface StoredDocument extends Stored {
  readonly key: string;
  /** Unset where the projection declares no index and no lookup. */
  readonly listed?: Listing;
  /** Whether it is stored with other types than its projection declares, or with fields that it has not; only where a store has types. */
  readonly isStoredOtherwise?: true;
}

/** By index, the value under which a document is listed, null where it is not; by lookup, the values that find it, in order. */
export type Listing = Readonly<Record<string, string | readonly string[] | null>>;

/** Under what a document is to be listed; undefined where no index and no lookup is declared. */
export function listingOf({ indexes, lookups }: ReadModel<unknown>, document: unknown): Listing | undefined {
  if (!indexes && !lookups) return undefined;
  const listed = Object.entries(indexes ?? {}).map(([index, value]) => [index, document === null ? null : (value(document) ?? null)] as const);
  const found = Object.entries(lookups ?? {}).map(([lookup, values]) => [lookup, document === null ? [] : [...new Set(values(document))].toSorted()] as const);
  return Object.fromEntries([...listed, ...found]);
}

/** The writes of one batch for one projection. */
export interface ProjectedBatch {
  readonly projection: Projection;
  readonly documents: ReadonlyMap<string, Stored>;
  readonly quarantined: readonly Quarantined[];
  readonly checkpoint: Checkpoint;
}

/** An event that a handler could not take: its document stays as it was until a person has looked. */
export interface Quarantined {
  readonly key: string;
  readonly position: Position;
  readonly error: string;
}

/** The position up to which a projection has seen the log, with the event's id there, by which another log is recognised. */
export interface Checkpoint {
  readonly position: Position;
  /** undefined at START, or where the last event at the position was passed over by a filter. */
  readonly eventId?: string;
}

/** Milliseconds without a heartbeat after which a lease expires; its holder sends heartbeats much more often. */
export const LEASE_TIMEOUT = 8_000;

/** The right to project, for one process at a time; `fence` is a fencing token that grows with every holder. */
export interface Lease {
  readonly fence: number;
}

/** A lease as stored: its holder, and a counter that each heartbeat raises. */
export interface LeaseState {
  readonly holder: string | null;
  readonly beat: number;
}

/** What is to be stored under a key. */
export interface ExpectedDocument {
  /** Undefined: nothing at all, as no event is of it. */
  readonly stored: Stored | undefined;
  /** The event that it cannot take: it is in quarantine. */
  readonly fault?: Omit<Quarantined, 'key'>;
}

/** Compares what is stored under a key with what is to stand there; undefined where that is the same. */
export type Repair = (key: string, stored: StoredDocument | undefined) => ExpectedDocument | undefined;

/** The read side as the projector sees it. */
export abstract class ProjectionStore {
  /** Makes the places for these projections' documents. */
  abstract prepare(projections: readonly Projection[]): Promise<void>;

  /**
   * Acquires or renews the lease: each call of its holder is a heartbeat. Undefined while another holds it; a challenger that has
   * seen no heartbeat for LEASE_TIMEOUT by its own monotonic clock takes over.
   */
  abstract lease(holder: string): Promise<Lease | undefined>;

  /** Releases the lease, so that the next holder need not wait for its expiry; does nothing when another holds it. */
  abstract release(holder: string): Promise<void>;

  abstract checkpoints(projections: readonly Projection[]): Promise<readonly Checkpoint[]>;

  /** That this store can hold a document. @throws Error */
  abstract assertStorable(projection: Projection, document: unknown): void;

  /** The stored documents of these keys, tombstones included. */
  abstract load(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, Stored>>;

  /** Keys of this projection that are in quarantine. */
  abstract quarantined(projection: Projection): Promise<ReadonlyMap<string, Quarantined>>;

  /**
   * Writes documents and checkpoints together.
   * @throws UnstorableDocument, LeaseLost when the fence is not the newest; a store may also find that a checkpoint is behind where it was left
   */
  abstract write(lease: Lease, batches: readonly ProjectedBatch[]): Promise<void>;

  /** Whether the places of these are there, and no checkpoint is behind where this store has seen it: whoever projects begins anew otherwise. */
  abstract isAsLeft(projections: readonly Projection[]): Promise<boolean>;

  /** Gives the lease to another holder, who renews it from then on. @throws LeaseLost when the fence is not the newest */
  abstract handOver(lease: Lease, to: string): Promise<void>;

  /** Who holds the lease, with the number of heartbeats so far; undefined where nobody ever held it. */
  abstract leaseState(): Promise<LeaseState | undefined>;

  /**
   * Writes documents anew that are not what their events come to, with their quarantine. Each is compared, as it is stored now, by
   * `repair`, which answers what is to stand in its place; it is written only where it is still as it was compared.
   * @returns the keys that were written
   * @throws LeaseLost when the fence is not the newest
   */
  abstract repair(lease: Lease, projection: Projection, keys: readonly string[], repair: Repair): Promise<readonly string[]>;

  abstract close(): Promise<void>;
}

/** A store cannot hold a document; nothing of what was to be written with it was. */
export class UnstorableDocument extends Error {
  override readonly name = 'UnstorableDocument';
  constructor(model: ReadModel<unknown>, key: string, cause: unknown) {
    super(`${nameOf(model)} 的文档 ${key} 无法保存：${(cause as Error).message}`, { cause });
  }
}

/** Another process holds the lease now: the write was rejected. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
