import type { Position } from '../event-store/event.js';
import type { Projection, ReadModel } from './projection.js';

/** A listed document with its key and its place in the index, from which the next page goes on. */
export interface Listed<Document> {
  readonly key: string;
  readonly cursor: string;
  readonly document: Document;
}

/** The read side as pages see it: one document by key, or a page of an index. */
export abstract class ReadModels {
  /** The document, or the projection's `empty`. */
  abstract get<Document>(projection: ReadModel<Document>, key: string): Promise<Document>;

  /** Documents in the order of an index, from its beginning or after a cursor. */
  abstract list<Document>(projection: ReadModel<Document>, index: string, after: string | undefined, limit: number): Promise<readonly Listed<Document>[]>;

  /** All documents of a read model of reference data, with the position that they have seen together. */
  abstract all<Document>(projection: ReadModel<Document>): Promise<{ readonly position: Position; readonly documents: ReadonlyMap<string, Document> }>;

  /** How far each of these read models has come: the earliest of their checkpoints. */
  abstract position(projections: readonly Projection[]): Promise<Position>;

  abstract close(): Promise<void>;
}

/** A document as stored, with the position of the last event that it has seen. */
export interface Stored {
  readonly position: Position;
  /** null: there is none any more, but it is remembered up to which event. */
  readonly document: unknown;
}

/** What came of one batch for one projection. */
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

/** How far a projection has come, with the id of the event there: another log is noticed by it. */
export interface Checkpoint {
  readonly position: Position;
  /** undefined at START, or where the last event at the position was passed over by a filter. */
  readonly eventId?: string;
}

/** The right to project, for one process at a time; `fence` grows with every holder. */
export interface Lease {
  readonly fence: number;
}

/** The read side as the projector sees it. */
export abstract class ProjectionStore {
  /** Makes the places for these projections' documents. */
  abstract prepare(projections: readonly Projection[]): Promise<void>;

  /** Takes or keeps the lease; undefined while another process holds it and beats. */
  abstract lease(holder: string): Promise<Lease | undefined>;
  abstract release(holder: string): Promise<void>;

  abstract checkpoints(projections: readonly Projection[]): Promise<readonly Checkpoint[]>;

  /** The stored documents of these keys, tombstones included. */
  abstract load(projection: Projection, keys: readonly string[]): Promise<ReadonlyMap<string, Stored>>;

  /** Keys of this projection that are in quarantine. */
  abstract quarantined(projection: Projection): Promise<ReadonlyMap<string, Quarantined>>;

  /** Writes documents and checkpoints together. @throws LeaseLost when the fence is not the newest */
  abstract write(lease: Lease, batches: readonly ProjectedBatch[]): Promise<void>;

  abstract close(): Promise<void>;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
