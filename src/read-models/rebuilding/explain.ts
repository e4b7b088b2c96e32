import type { Position, Recorded } from '../../event-store/event.js';
import { changedFields } from '../differences/changed-fields.js';
import { shownJson } from '../differences/shown-json.js';
import { keyOf } from '../projecting/event-routing.js';
import { foldDocument } from '../projecting/fold-document.js';
import type { Projection } from '../projection.js';
import type { Quarantined, Stored } from '../read-models.js';
import { type DocumentEvents, isFoundBySubject, readEventsOf } from './document-events.js';

/** What made a document what it is. Sealed values are only named as such. */
export interface Explained {
  readonly readModel: string;
  readonly version: number;
  readonly key: string;
  /** In the log's order: those that the document has seen, or after which the field was another. */
  readonly events: readonly Step[];
  /** Of the last event that the document has seen; null where there is none. */
  readonly position: Position | null;
  /** The document, or the value of the field; null where there is none. */
  readonly value: unknown;
  /** The event that it could not take, before which it stays. */
  readonly fault?: Omit<Quarantined, 'key'>;
}

/** One event, and what it changed. */
export interface Step extends Pick<Recorded, 'type' | 'stream' | 'revision' | 'position' | 'recordedAt' | 'id'> {
  readonly by: string;
  readonly origin: string;
  readonly why?: string;
  readonly changes: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
}

export interface Explaining {
  /** Such as `2610.06090.result`; unset: the whole document. */
  readonly field?: string | undefined;
  /** The document as it was at an instant (ISO 8601, UTC); unset: as it is now. */
  readonly at?: string | undefined;
}

/** Folds the events behind one document one by one, and tells what each of them changed. */
export async function explain(log: DocumentEvents, projection: Projection, key: string, { field, at }: Explaining = {}): Promise<Explained> {
  const steps: Step[] = [];
  let last: Change | undefined;
  for (const change of changesBy(projection, await eventsOf(log, projection, key), field)) {
    if (at !== undefined && change.event.recordedAt > at) break;
    last = change;
    if (change.fault) break;
    const changes = changedFields(change.before, change.after);
    if (field === undefined || changes.length > 0) steps.push(stepOf(change.event, field, changes));
  }
  const value = shownJson((last?.stored?.document && valueAt(field, last.stored.document, projection)) ?? null);
  const fault = last?.fault;
  return {
    readModel: projection.name,
    version: projection.version,
    key,
    events: steps,
    position: last?.stored?.position ?? null,
    value,
    ...(fault && { fault }),
  };
}

/** What an event made of a document, or of one of its fields. */
export interface Change {
  readonly event: Recorded;
  readonly before: unknown;
  readonly after: unknown;
  readonly stored: Stored | undefined;
  /** Why the document could not take the event. */
  readonly fault?: Explained['fault'];
}

/** Folds the events of a document one by one, up to one that it cannot take. */
export function* changesBy(projection: Projection, events: readonly Recorded[], field: string | undefined): Generator<Change> {
  let stored: Stored | undefined;
  for (const event of events) {
    const before = valueAt(field, stored?.document ?? null, projection);
    const { after, fault } = foldDocument(projection, structuredClone(stored), [event]); // what it was before is compared
    stored = fault ? stored : (after ?? stored);
    yield { event, before, after: valueAt(field, stored?.document ?? null, projection), stored, ...(fault && { fault }) };
    if (fault) return;
  }
}

/** The events of a document, in the log's order. */
async function eventsOf(log: DocumentEvents, projection: Projection, key: string): Promise<readonly Recorded[]> {
  const found: Recorded[] = [];
  const reading = { keys: [key], bySubject: await isFoundBySubject(projection, key, log) };
  await readEventsOf(projection, log, reading, (event) => {
    if (keyOf(projection, event) === key) found.push(event);
  });
  return found;
}

/** The part of a document that a path names, where keys may hold dots themselves; undefined where there is none. */
function valueAt(field: string | undefined, document: unknown, { empty }: Projection): unknown {
  return field === undefined ? (document ?? empty) : partAt(field, document ?? empty);
}

function partAt(path: string, value: unknown): unknown {
  if (path === '') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    if (path === key) return part;
    const deeper = path.startsWith(`${key}.`) ? partAt(path.slice(key.length + 1), part) : undefined;
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

function stepOf(event: Recorded, field: string | undefined, changes: ReturnType<typeof changedFields>): Step {
  const { type, stream, revision, position, recordedAt, id, metadata } = event;
  const whole = (path: string) => [field, path].filter(Boolean).join('.');
  return {
    type,
    stream,
    revision,
    position,
    recordedAt,
    id,
    by: metadata.by,
    origin: metadata.origin,
    ...(metadata.why !== undefined && { why: metadata.why }),
    changes: changes.map(({ path, before, after }) => ({
      path: whole(path),
      ...(before !== undefined && { before: shownJson(before) }),
      ...(after !== undefined && { after: shownJson(after) }),
    })),
  };
}
