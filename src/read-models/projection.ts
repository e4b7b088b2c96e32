import type { Event, Recorded } from '../event-store/event.js';
import type { FieldTypes } from './field-types.js';
import { type Build, buildNumber, nameOfBuild } from './registry.js';

/** What a page needs to know of a read model to read its documents. */
export interface ReadModel<Document> extends FieldTypes {
  readonly name: string;
  /** Raised when what it makes of the same events changes. */
  readonly version: number;
  /** Which making of this version it is, where it is not the first. */
  readonly build?: number;
  /** Set where the build is stored as JSON text, as earlier releases did in every store (registry.ts, `form`). */
  readonly asText?: true;
  /** What a page gets where there is no document, and what the first event is folded into. */
  readonly empty: Document;
  /** Indexes by name: the value under which a document is listed, undefined when it is not. */
  readonly indexes?: Readonly<Record<string, Index<Document>>>;
  /** Lookups by name: the values by each of which a document is found. */
  readonly lookups?: Readonly<Record<string, Lookup<Document>>>;
}

type Index<Document> = { value(document: Document): string | undefined }['value'];
type Lookup<Document> = { values(document: Document): readonly string[] }['values'];
type Handler<State, E> = { handle(state: State, event: E): State | null }['handle'];

/** A read model: how documents follow from events. Pure: no store, no clock, nothing hashed or opened. */
export interface Projection<Document = unknown, E extends Event = Event, State = Document> extends ReadModel<Document> {
  /** The document that an event belongs to; undefined when the event is of none. */
  key(event: Recorded<E>): string | undefined;
  /**
   * One handler an event type: the state after the event, or null when there is no document any more. A handler owns the state that
   * it is handed: it changes collections in place and copies none, and never what the event holds. One that throws has changed nothing.
   */
  readonly on: { readonly [Type in E['type']]?: Handler<State, Recorded<Extract<E, { type: Type }>>> };
  /** What events are folded into, where that is not the document itself. */
  readonly state?: FoldState<Document, State>;
  /** Fingerprints of released code of this version that makes the same documents: builds made by it stay in use (ADR 0010). */
  readonly earlierFingerprints?: readonly string[];
  /** Of a version that is no longer the newest: its document in the shape of the next one, for pages until the switch. */
  readonly lift?: { lift(document: Document): unknown }['lift'];
}

/**
 * What a document is while events are folded into it, opened and closed once for many events: dictionaries and lists that grow are
 * Maps, Sets and the like meanwhile, so that the work of an event does not grow with them.
 */
export interface FoldState<Document, State> {
  open(document: Document): State;
  close(state: State): Document;
}

/** Declares a read model; the types of its document and its events are checked against each other. */
export function projection<Document, E extends Event, State = Document>(definition: Projection<Document, E, State>): Projection<Document, E, State> {
  return definition;
}

/** For a document that is a dictionary. */
export function dictionary<Value>(): FoldState<{ readonly [key: string]: Value }, Map<string, Value>> {
  return { open: (document) => new Map(Object.entries(document)), close: (entries) => Object.fromEntries(entries) };
}

/** The name of a build: `bills@1`, or `bills@1-2` for the second build of version 1. */
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

const made = new WeakMap<Projection, Map<string, Projection>>();

/** The projection that makes a build, always the same object; undefined when this release has no code for it. */
export function projectionOf(
  code: readonly Projection[],
  { readModel, version, name, form }: Pick<Build, 'readModel' | 'version' | 'name' | 'form'>,
): Projection | undefined {
  const projection = code.find((each) => each.name === readModel && each.version === version);
  if (!projection) return undefined;
  const number = buildNumber(name);
  const place = `${number} ${form}`;
  const numbered = made.get(projection) ?? new Map<string, Projection>();
  made.set(projection, numbered);
  const known = numbered.get(place);
  if (known) return known;
  const build = buildOf(projection, number);
  const formed: Projection = form === undefined ? { ...build, asText: true } : build;
  numbered.set(place, formed);
  return formed;
}
