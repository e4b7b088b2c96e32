import type { z } from 'zod';
import type { Appended } from '../../event-store/append.js';
import type { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import type { RowHistory } from './row-history.js';

/** What a row can refer to; it must be in the batch or already recorded. A declaration period is `kind/code`. */
export type ReferenceKind = 'candidate' | 'period' | 'unit' | 'course' | 'major' | 'district' | 'declaration_period';

export interface Reference {
  readonly kind: ReferenceKind;
  /** The key in that kind's file: an admission number, a period, `period/unit`, a course, a major, a district, `kind/code`. */
  readonly value: string;
  readonly column: string;
}

/** Why a row is bad, for the person who corrects the file: the column, and the reason in plain Chinese. */
export interface RowFault {
  readonly column: string;
  readonly reason: string;
}

/** What the import looks up for a row before creating its command. */
export interface RowContext {
  /** The candidate of the row's `admission_no`; missing for files without that column, and for new candidates. */
  readonly candidateId?: string;
  /** The bytes of the file named in the row's `photo` column. */
  readonly photo?: Uint8Array;
}

/**
 * One kind of import file: its columns with their checks, the command of a row, and how rows are read back from events. `RowFromEvents` is what a
 * command needs of a row: all but the admission number, where the candidate is found by it.
 */
export interface ImportFile<Row = unknown, RowFromEvents = Row> {
  /** The file's name without `.csv`. */
  readonly name: string;
  /** One check for each column, in the file's order, from text to the typed row. Messages are in Chinese. */
  readonly columns: z.ZodObject<Record<string, z.ZodType>> & z.ZodType<Row>;
  /** Identifies what the row describes. Two rows of a file with the same key and other values contradict each other. */
  key(row: Row): string;
  /** A further value `on` that rows may share only with equal `same`: for example a citizen number, which has one name. */
  agreement?(row: Row): { readonly on: string; readonly same: string; readonly fault: RowFault };
  /** The values that must be known for the row to be accepted. */
  references(row: Row): readonly Reference[];
  /** The value that other rows can refer to because of this row. */
  defines?(row: Row): { readonly kind: ReferenceKind; readonly value: string };
  /** Faults across several columns. */
  faults?(row: Row): readonly RowFault[];
  /** Warnings: the row is good, but a person should check it. */
  warnings?(row: Row): readonly RowFault[];
  /** A sort key, in ASCII, by which rows of one event stream are recorded together, also those of files that share this function. */
  stream(row: Row): string;
  /** The row's command. */
  command(row: RowFromEvents, given: Given, found: RowContext): Command<Appended>;
  /** The command that restores what a row said before. Default: `command`. */
  restore?(row: RowFromEvents, given: Given, found: RowContext): Command<Appended>;
  /** The command that takes back a row of which nothing was recorded before. Without it, such rows cannot be undone. */
  takeBack?(row: RowFromEvents, given: Given, found: RowContext): Command<Appended>;
  /** That other records are about what the row says is there: it is not taken back once there are any beside the batch's. */
  readonly isWhole?: true;
  /** Why a change of a row cannot be undone, in plain Chinese; `before` is missing for a new row. */
  lasts?(after: RowFromEvents, before: RowFromEvents | undefined): string | undefined;
  /** What rows said before, for previews and for undoing a batch. */
  readonly history: RowHistory<RowFromEvents>;
  /** 合格 or 不合格, where rows are results. */
  isPassed?(row: RowFromEvents): boolean;
}

export function fileKind(kinds: readonly ImportFile[], name: string): ImportFile {
  const kind = kinds.find((each) => each.name === name);
  if (!kind) throw new Error(`there is no kind of file ${name}`);
  return kind;
}
