import { knownEvents } from '../../composition/known/events.js';
import type { Position, Recorded } from '../../event-store/event.js';
import { OverlayEventStore, type ReadableLog } from '../../event-store/overlay/event-store.js';
import { readOnce } from '../../event-store/overlay/read-once.js';
import { passwordOf } from '../../registrations/candidates.import.js';
import { SafesOverlay } from '../../vault/overlay.js';
import type { ReadableVault, Safe, Safes } from '../../vault/vault.js';
import { ChangeTally } from '../changes/change-tally.js';
import type { FileChanges } from '../changes/file-changes.js';
import { type RowChange, RowsOfEvents } from '../changes/row-changes.js';
import { fileKind, type ImportFile } from '../files/import-file.js';
import { candidatesWithoutPassword } from '../recording/candidates-without-password.js';
import { executeRows, type RefusedRow, type RowOutcome, type RowsToRecord } from '../recording/execute-rows.js';
import { previewCommands } from './preview-commands.js';

/** What a preview reads: nothing by which anything could be recorded. */
export interface ReadableStores {
  readonly events: ReadableLog;
  readonly vault: Pick<ReadableVault, 'find' | 'safes'>;
}

/** Good rows to preview together: always all rows of a stream. */
export interface RowsToPreview extends RowsToRecord {
  /** The log's position at which the preview is made. */
  readonly upTo: Position;
  /** Random, of one preview (`SafesOverlay`). */
  readonly secret: string;
  /** A folder in which empty stores stand for those that are not there. */
  readonly elsewhere: string;
}

export interface PreviewedRows {
  /** By kind of row. */
  readonly changes: Readonly<Record<string, FileChanges>>;
  readonly refused: readonly RefusedRow[];
}

/**
 * What rows would change. They go through the same commands and deciders as rows to be recorded, on an overlay of the log and of the
 * vault that ends with the call.
 */
export async function previewRows(kinds: readonly ImportFile[], rows: RowsToPreview, stores: ReadableStores): Promise<PreviewedRows> {
  const events = new OverlayEventStore(readOnce(stores.events, rows.upTo), rows.upTo, knownEvents);
  const safes = new SafesOverlay(stores.vault, rows.secret);
  const outcomes: RowOutcome[] = [];
  for await (const outcome of executeRows(kinds, rows, previewCommands(events, safes), safes)) outcomes.push(outcome);
  outcomes.sort((one, other) => one.line - other.line);
  const changes = await changesByCommand(kinds, events, safes);
  const typesOf = Map.groupBy(events.kept, ({ metadata }) => metadata.command);
  const tallies = new Map<string, ChangeTally>();
  const refused: RefusedRow[] = [];
  for (const { row: _, ...outcome } of outcomes) {
    const tally = tallies.get(outcome.kind) ?? new ChangeTally(fileKind(kinds, outcome.kind));
    tallies.set(outcome.kind, tally);
    if ('reason' in outcome) {
      refused.push(outcome);
      if (outcome.code === 'command.reverts') tally.addRevert(outcome.line);
    } else if (outcome.recorded === 0) tally.unchanged++;
    else {
      const { isRevert, before, after } = changes.get(outcome.command) ?? { isRevert: false, before: {}, after: {} }; // of a refund, say
      if (isRevert) tally.addRevert(outcome.line);
      tally.addChange(outcome.line, before, after);
      tally.addEvents((typesOf.get(outcome.command) ?? []).map(({ type }) => type));
    }
  }
  const candidates = tallies.get('candidates');
  if (candidates) candidates.passwords = (await candidatesWithoutPassword(passwordsAmong(outcomes), events, safes)).length;
  return { changes: Object.fromEntries(Array.from(tallies, ([kind, tally]) => [kind, tally.result()])), refused };
}

interface OpenedChange extends Pick<RowChange, 'before' | 'after'> {
  /** The same row was recorded before, and later events have replaced it. */
  readonly isRevert: boolean;
}

/** What the appended events change, by the command that appended them, with sealed values opened. */
async function changesByCommand(kinds: readonly ImportFile[], events: OverlayEventStore, safes: Safes): Promise<ReadonlyMap<string, OpenedChange>> {
  const rows = new RowsOfEvents(kinds);
  const appended = new Set(events.kept);
  const found: { readonly command: string; readonly subject: string; readonly isRevert: boolean; readonly change: RowChange }[] = [];
  for (const history of await events.streams([...new Set(events.kept.map(({ stream }) => stream))])) {
    const earlier = new Set(history.filter((event) => !appended.has(event)).map(({ metadata }) => metadata.command));
    for (const change of rows.changes(history, (event: Recorded) => appended.has(event))) {
      const { metadata, subject = '' } = change.events[0] as Recorded;
      found.push({ command: metadata.command, subject, isRevert: earlier.has(metadata.command), change });
    }
  }
  const corrected = [...new Set(found.filter(({ change }) => change.file.history.open && change.before !== undefined).map(({ subject }) => subject))];
  const opened = corrected.length > 0 ? await safes.safes(corrected) : [];
  const safeOf = new Map(corrected.map((id, at) => [id, opened[at] as Safe]));
  return new Map(
    found.map(({ command, subject, isRevert, change: { file, before, after } }) => {
      const safe = safeOf.get(subject);
      const open = (kept: unknown) => (kept !== undefined && safe && file.history.open ? file.history.open(kept, safe) : kept);
      return [command, { isRevert, before: open(before), after: open(after) }];
    }),
  );
}

function passwordsAmong(outcomes: readonly RowOutcome[]): readonly { readonly number: string }[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'candidates' || 'reason' in outcome) return [];
    const row = outcome.row as Parameters<typeof passwordOf>[0];
    return passwordOf(row) ? [{ number: row.admission_no }] : [];
  });
}
