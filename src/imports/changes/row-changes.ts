import type { Recorded } from '../../event-store/event.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import type { ImportFile } from '../files/import-file.js';

/** What some events changed of one row of a file. Rows are as their file's history keeps them: values may be sealed. */
export interface RowChange {
  readonly file: ImportFile;
  readonly key: string;
  /** What the row said before the first of the events; undefined where it was not there. */
  readonly before: unknown;
  /** What it said after the last of them. */
  readonly after: unknown;
  readonly events: readonly Recorded[];
  /** What it says at the end of the stream, and by which event. */
  readonly now: unknown;
  readonly latest: Recorded;
}

interface FoldedRow {
  readonly file: ImportFile;
  readonly key: string;
  row: unknown;
  latest: Recorded;
  change?: { readonly before: unknown; after: unknown; readonly events: Recorded[] };
}

/** Finds the rows that events are of, by the types of event that each kind of file declares. */
export class RowsOfEvents {
  private readonly fileOf: ReadonlyMap<string, ImportFile>;
  /** By event type, the files whose rows it takes back. */
  private readonly ended: ReadonlyMap<string, readonly ImportFile[]>;

  constructor(kinds: readonly ImportFile[]) {
    this.fileOf = new Map(kinds.flatMap((kind) => Object.keys(kind.history.on).map((type) => [type, kind] as const)));
    const endings = kinds.flatMap((kind) => (kind.history.endedBy ?? []).map((type) => ({ type, kind })));
    this.ended = new Map([...Map.groupBy(endings, ({ type }) => type)].map(([type, those]) => [type, those.map(({ kind }) => kind)]));
  }

  /** The kind of file that an event is of; undefined where none reports it. */
  file({ type }: Pick<Recorded, 'type'>): ImportFile | undefined {
    return this.fileOf.get(type);
  }

  /**
   * What the events of a stream changed that are meant, row by row. Linear in the stream's events.
   * @throws StoreUnavailable when the stream holds an event of a newer release
   */
  changes(history: readonly Recorded[], isMeant: (event: Recorded) => boolean): readonly RowChange[] {
    const rows = new Map<string, FoldedRow>();
    for (const event of readableEvents(history)) {
      const ended = this.ended.get(event.type);
      if (ended) for (const row of rows.values()) if (ended.includes(row.file) && row.row !== undefined) follow(row, undefined, event, isMeant(event));
      const file = this.file(event);
      const handle: ((row: unknown, data: object) => unknown) | undefined = file?.history.on[event.type];
      if (!file || !handle) continue;
      const key = file.history.key?.(event.data) ?? '';
      const id = `${file.name} ${key}`;
      const known = rows.get(id) ?? { file, key, row: undefined, latest: event };
      rows.set(id, known);
      follow(known, handle(known.row, event.data), event, isMeant(event));
    }
    return [...rows.values()].flatMap(({ change, row, ...known }) => (change ? [{ ...known, ...change, now: row }] : []));
  }
}

/** What a row says after an event. */
function follow(folded: FoldedRow, row: unknown, event: Recorded, isMeant: boolean): void {
  const before = folded.row;
  folded.row = row;
  folded.latest = event;
  if (!isMeant) return;
  folded.change ??= { before, after: before, events: [] };
  folded.change.after = row;
  folded.change.events.push(event);
}
