import type { Event, Recorded } from '../event-store/event.js';
import { nameOfBuild } from './registry.js';

/** What a page needs to know of a read model to read its documents. */
export interface ReadModel<Document> {
  readonly name: string;
  /** Raised when what it makes of the same events changes. */
  readonly version: number;
  /** Which making of this version it is, where it is not the first. */
  readonly build?: number;
  /** What a page gets where there is no document, and what the first event is folded into. */
  readonly empty: Document;
  /** Indexes by name: the value under which a document is listed, undefined when it is not. */
  readonly indexes?: Readonly<Record<string, Index<Document>>>;
}

type Index<Document> = { value(document: Document): string | undefined }['value'];
type Handler<Document, E> = { handle(document: Document, event: E): Document | null }['handle'];

/** A read model: how documents follow from events. Pure: no store, no clock, nothing hashed or opened. */
export interface Projection<Document = unknown, E extends Event = Event> extends ReadModel<Document> {
  /** The document that an event belongs to; undefined when the event is of none. */
  key(event: Recorded<E>): string | undefined;
  /** One handler an event type: the document after the event, or null when there is none any more. */
  readonly on: { readonly [Type in E['type']]?: Handler<Document, Recorded<Extract<E, { type: Type }>>> };
  /** Fingerprints of released code of this version that makes the same documents: builds made by it stay in use (ADR 0010). */
  readonly earlierFingerprints?: readonly string[];
  /** Of a version that is no longer the newest: its document in the shape of the next one, for pages until the switch. */
  readonly lift?: { lift(document: Document): unknown }['lift'];
}

/** Declares a read model; the types of its document and its events are checked against each other. */
export function projection<Document, E extends Event>(definition: Projection<Document, E>): Projection<Document, E> {
  return definition;
}

/** What tells a build of a read model from all others: `bills@1`, `bills@1-2` when it was made a second time. */
export function nameOf({ name, version, build }: ReadModel<unknown>): string {
  return nameOfBuild(name, version, build ?? 1);
}

/** The projection that makes a certain build of it. */
export function buildOf(projection: Projection, build: number): Projection {
  return build === (projection.build ?? 1) ? projection : { ...projection, build };
}

/** The key of read models with one document a candidate. */
export function bySubject({ subject }: Recorded): string | undefined {
  return subject;
}
