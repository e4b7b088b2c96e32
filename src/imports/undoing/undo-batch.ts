import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { knownEvents } from '../../composition/known/events.js';
import { knownImportFiles } from '../../composition/known/import-files.js';
import { type Cause, causedBy } from '../../event-store/cause.js';
import type { Commands } from '../../event-store/commands.js';
import type { Position, Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { OverlayEventStore, type ReadableLog } from '../../event-store/overlay/event-store.js';
import { readOnce } from '../../event-store/overlay/read-once.js';
import { SafesOverlay } from '../../vault/overlay.js';
import type { ReadableVault, Safes } from '../../vault/vault.js';
import { type Batch, eventsBetween } from '../batches.js';
import { RowsOfEvents } from '../changes/row-changes.js';
import { previewCommands } from '../preview/preview-commands.js';
import { type BatchOrigin, noteEnd, noteUndoing } from '../recording/note-batch.js';
import { type UndoReport, UndoTally } from './undo-report.js';
import { type RowToUndo, type Undoing, type UndoneRow, undoCommandId, undoRows } from './undo-rows.js';

/** Events of a batch that are undone together. */
const CHUNK = 500;
/** Candidates whose events are read at the same time. */
const READS = 8;

interface ReadPorts {
  readonly events: ReadableLog & Pick<EventStore, 'head'>;
  readonly vault: Pick<ReadableVault, 'find' | 'safes'>;
}

interface RecordPorts {
  readonly events: EventStore;
  readonly vault: Safes;
  readonly commands: Commands;
}

/** Undoes rows of a batch: all that are about some candidates, or some of which are about none. */
type Undo = (changes: readonly RowToUndo[], rows: RowsOfEvents) => Promise<readonly UndoneRow[]>;

/** What undoing a batch would do: by the same commands, on an overlay that nothing is recorded through. */
export async function previewUndo(batch: Batch, ports: ReadPorts): Promise<UndoReport> {
  const upTo = await ports.events.head();
  return { batch: null, ...(await undone(batch, upTo, ports.events, previewed(batch, upTo, ports))) };
}

function previewed(batch: Batch, upTo: Position, { events, vault }: ReadPorts): Undo {
  return (changes, rows) => {
    const overlay = new OverlayEventStore(readOnce(events, upTo), upTo, knownEvents);
    const safes = new SafesOverlay(vault, randomUUID());
    const undoing = { batch: batch.begun.data.batch, rows, commands: previewCommands(overlay, safes), safes, now: new Date().toISOString() };
    return causedBy(causeOf(randomUUID()), () => inOrder(changes, undoing));
  };
}

/**
 * Records the former values of each row of a batch, as a batch of its own that names the one it undoes. Repeating it goes on where it was
 * broken off; where nothing is left to undo, nothing is recorded, and the report names no batch.
 * @throws StoreUnavailable
 */
export async function recordUndo(batch: Batch, origin: BatchOrigin, { events, vault, commands }: RecordPorts): Promise<UndoReport> {
  const id = randomUUID();
  const { batch: undoes } = batch.begun.data;
  const upTo = await events.head();
  return causedBy(causeOf(id), async () => {
    const preview = previewed(batch, upTo, { events, vault });
    let isBegun = false;
    const undo: Undo = async (changes, rows) => {
      if (!isBegun) {
        const foreseen = await preview(changes, rows);
        if (foreseen.every(({ recorded }) => recorded === 0)) return foreseen;
        await noteUndoing(events, origin, undoes);
        isBegun = true;
      }
      return inOrder(changes, { batch: undoes, rows, commands, safes: vault, now: new Date().toISOString() });
    };
    const report = await undone(batch, upTo, events, undo);
    if (!isBegun) return { batch: null, ...report };
    await noteEnd(
      events,
      report.files.map(({ file, recorded, refused }) => ({ file, recorded, bad: refused, keptOut: false })),
    );
    return { batch: id, ...report };
  });
}

function causeOf(correlation: string): Cause {
  return { by: 'import', origin: 'import', correlation };
}

/** Undoes later files first, since rows may depend on rows of earlier ones: the registration of a candidate comes last. */
async function inOrder(changes: readonly RowToUndo[], undoing: Undoing): Promise<readonly UndoneRow[]> {
  const rows: UndoneRow[] = [];
  for (const kind of knownImportFiles.toReversed())
    rows.push(
      ...(await undoRows(
        changes.filter(({ file }) => file === kind),
        undoing,
      )),
    );
  return rows;
}

/** Goes through the batch's events in the log's order; all rows about a candidate are undone with the first event. Memory is bounded. */
async function undone({ begun, ended }: Batch, head: Position, events: ReadPorts['events'], undo: Undo): Promise<Omit<UndoReport, 'batch'>> {
  const { batch } = begun.data;
  const rows = new RowsOfEvents(knownImportFiles);
  const tally = new UndoTally(batch);
  const isOfBatch = ({ metadata, stream }: Recorded) => metadata.correlation === batch && stream !== begun.stream;
  /** The rows of histories that are all about one candidate, or of one stream about none. */
  const changesOf = (history: readonly Recorded[]): readonly RowToUndo[] => {
    const begins = history.find(isOfBatch)?.position ?? '';
    const changes = [...Map.groupBy(history, ({ stream }) => stream).values()].flatMap((stream) => rows.changes(stream, isOfBatch));
    const commands = new Set(changes.map((change) => undoCommandId(batch, change)));
    const isUsed = history.some((event) => event.position > begins && !isOfBatch(event) && !commands.has(event.metadata.command));
    return changes.map((change) => ({ ...change, isUsed }));
  };
  const handle = async (some: readonly Recorded[]) => {
    const first = new Set(some.map(({ position }) => position));
    const aboutNone = await events.streams([...new Set(some.flatMap(({ stream, subject }) => (subject === undefined ? [stream] : [])))]);
    const about = [...new Set(some.flatMap(({ subject }) => subject ?? []))];
    const candidates = await pMap(about, (id) => events.subject(id), { concurrency: READS });
    const begunHere = [...aboutNone, ...candidates].filter((history) => first.has(history.find(isOfBatch)?.position ?? ''));
    tally.add(await undo(begunHere.flatMap(changesOf), rows));
  };
  let some: Recorded[] = [];
  for await (const event of eventsBetween(events, begun.position, ended?.position ?? head)) {
    if (!isOfBatch(event)) continue;
    if (!rows.file(event)) tally.addOther(event.type);
    some.push(event);
    if (some.length < CHUNK) continue;
    await handle(some);
    some = [];
  }
  if (some.length > 0) await handle(some);
  return tally.result();
}
