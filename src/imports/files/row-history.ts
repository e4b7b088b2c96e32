import type { Event } from '../../event-store/event.js';
import type { Safe } from '../../vault/vault.js';

/**
 * How the rows of a file are read back from the events that they recorded: what a row says after each event. Pure. A handler does not
 * change the row that it is given.
 */
export interface RowHistory<Row = unknown, Kept = unknown, E extends Event = Event> {
  /** Tells the rows of one stream from each other; missing where a stream has one row. */
  readonly key?: { key(data: E['data']): string }['key'];
  /** By event type, what the row says after the event; `row` is missing before its first. Values may be sealed. */
  readonly on: { readonly [Type in E['type']]: After<Kept, Extract<E, { type: Type }>['data']> };
  /** Types of events by which all rows of the stream are taken back, although another kind of file reports them. */
  readonly endedBy?: readonly string[];
  /** Whether an event that changes no row depends on what one says: an undoing would come too late. */
  readonly concerns?: { concerns(event: Event, key: string): boolean }['concerns'];
  /** The row with its sealed values opened. Default: as it is. */
  readonly open?: { open(kept: Kept, safe: Safe): Row | undefined }['open'];
}

type After<Kept, Data> = { after(row: Kept | undefined, data: Data): Kept | undefined }['after'];

/** Declares how rows without sealed values are read back. */
export function rowHistory<E extends Event, Row>(history: Omit<RowHistory<Row, Row, E>, 'open'>): RowHistory<Row, Row, E> {
  return history;
}

/** Declares how rows with sealed values are read back. */
export function sealedRowHistory<E extends Event, Row, Kept>(
  history: RowHistory<Row, Kept, E> & Required<Pick<RowHistory<Row, Kept, E>, 'open'>>,
): RowHistory<Row, Kept, E> {
  return history;
}
