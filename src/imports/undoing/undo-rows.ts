import type { Appended } from '../../event-store/append.js';
import type { Command } from '../../event-store/command.js';
import type { Commands } from '../../event-store/commands.js';
import type { Given } from '../../event-store/decider.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import type { Recorded } from '../../event-store/event.js';
import { Refusal, refusals } from '../../event-store/refusal.js';
import type { Safe, Safes } from '../../vault/vault.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import type { RowChange, RowsOfEvents } from '../changes/row-changes.js';
import type { ImportFile, RowContext } from '../files/import-file.js';

const refused = refusals({
  'undo.newer': '这一批之后又有改动，不能改回去。',
  'undo.used': '这一批之后又有这个考生的其他记录，登记不能撤回。',
  'undo.first': '这一行是第一次导入，没有以前的内容，也不能撤回。',
  'undo.lasts': '{why}，不能改回去。',
  'undo.forgotten': '这个考生的信息已经删除。',
});

/** A row to undo. */
export interface RowToUndo extends RowChange {
  /** Whether anything else is recorded about the candidate since, by others than the batch and its undoing. */
  readonly isUsed: boolean;
}

/** What came of a row of a batch that is undone. */
export interface UndoneRow {
  readonly change: RowChange;
  /** `restored`: it says again what it said before the batch; `taken_back`: it was new; `done`: it was undone earlier. */
  readonly outcome: 'restored' | 'taken_back' | 'done' | 'refused';
  /** How many events were recorded. */
  readonly recorded: number;
  /** Of a refused row. */
  readonly reason?: string;
  /** What the batch made of the row, and what it says again: undefined for one that is taken back. Opened. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface Undoing {
  /** The id of the batch to undo. */
  readonly batch: string;
  readonly rows: RowsOfEvents;
  readonly commands: Commands;
  readonly safes: Pick<Safes, 'safes'>;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** The id of the command that undoes what a batch changed of a row. */
export function undoCommandId(batch: string, { file, key, latest }: RowChange): string {
  return deterministicId(`undo ${batch} ${latest.stream} ${file.name} ${key}`);
}

/**
 * Undoes what a batch changed of some rows of one kind, each by a command of its module: refused where anything newer is recorded of the
 * row. Repeating it records nothing.
 */
export async function undoRows(changes: readonly RowToUndo[], undoing: Undoing): Promise<readonly UndoneRow[]> {
  const sealed = [...new Set(changes.flatMap(({ file, latest }) => (file.history.open && latest.subject ? [latest.subject] : [])))];
  const opened = sealed.length > 0 ? await undoing.safes.safes(sealed) : [];
  const safeOf = new Map(sealed.map((id, at) => [id, opened[at] as Safe]));
  return Promise.all(changes.map((change) => undoRow(change, safeOf.get(change.latest.subject ?? ''), undoing)));
}

async function undoRow(change: RowToUndo, safe: Safe | undefined, undoing: Undoing): Promise<UndoneRow> {
  const { file, latest } = change;
  const open = (kept: unknown) => (kept !== undefined && file.history.open && safe ? file.history.open(kept, safe) : kept);
  const [from, to] = [open(change.after), open(change.before)];
  const given: Given = {
    id: undoCommandId(undoing.batch, change),
    at: undoing.now,
    guard: (history) => assertNothingNewer(history, change, undoing),
  };
  const found = latest.subject === undefined ? {} : { candidateId: latest.subject };
  try {
    const isForgotten = (value: unknown, kept: unknown) => value === undefined && kept !== undefined;
    if (isForgotten(from, change.after) || isForgotten(to, change.before)) throw refused('undo.forgotten');
    const why = from === undefined ? undefined : file.lasts?.(from, to);
    if (why !== undefined) throw refused('undo.lasts', { why });
    const command = commandTo(file, from, to, given, found);
    const { recorded } = await undoing.commands.execute(command);
    return { change, from, to, recorded, outcome: recorded === 0 ? 'done' : to === undefined ? 'taken_back' : 'restored' };
  } catch (error) {
    if (error instanceof Refusal) return { change, from, to, recorded: 0, outcome: 'refused', reason: refusalMessage(error) };
    throw error;
  }
}

/** The command by which a row says `to` again. @throws Refusal undo.first where there is none */
function commandTo(file: ImportFile, from: unknown, to: unknown, given: Given, found: RowContext): Command<Appended> {
  if (to !== undefined) return file.restore ? file.restore(to, given, found) : file.command(to, given, found);
  const command = from === undefined ? undefined : file.takeBack?.(from, given, found);
  if (!command) throw refused('undo.first');
  return command;
}

/** @throws Refusal undo.newer where the row's last event is not one of the batch, or another event depends on what the row says; undo.used */
function assertNothingNewer(history: readonly Recorded[], { file, key, events, before, isUsed }: RowToUndo, { rows, batch }: Undoing): void {
  const last = events.at(-1) as Recorded;
  const isNewer = (event: Recorded) => {
    if (event.revision <= last.revision || event.metadata.correlation === batch) return false;
    const isOfRow = rows.file(event) === file && (file.history.key?.(event.data) ?? '') === key;
    return isOfRow || file.history.endedBy?.includes(event.type) === true || file.history.concerns?.(event, key) === true;
  };
  if (history.some(isNewer)) throw refused('undo.newer');
  if (file.isWhole && before === undefined && isUsed) throw refused('undo.used');
}
