import { ChangeTally } from '../changes/change-tally.js';
import type { FieldChanges } from '../changes/file-changes.js';
import type { UndoneRow } from './undo-rows.js';

/** What becomes of the rows of one kind of file. */
export interface UndoneFile {
  /** With `.csv`. */
  readonly file: string;
  /** Rows of which the batch recorded something. */
  readonly rows: number;
  /** Rows that say again what they said before. */
  readonly restored: number;
  /** Rows that were new. */
  readonly takenBack: number;
  /** Rows that were undone before. */
  readonly done: number;
  readonly refused: number;
  /** Events recorded; of a preview, those that would be. */
  readonly recorded: number;
  /** What restored rows say again, by column. */
  readonly fields: readonly (Omit<FieldChanges, 'examples'> & { readonly examples: readonly { readonly before: string; readonly after: string }[] })[];
}

/** A row that cannot be undone: where it is recorded, and why it stays. */
export interface RefusedUndo {
  readonly file: string;
  readonly stream: string;
  /** Which of the stream's rows: a course, say; '' where it has one. */
  readonly key: string;
  readonly reason: string;
}

export interface UndoReport {
  /** The id of the batch that undoes; null for a preview, and where nothing was left to undo. */
  readonly batch: string | null;
  readonly undoes: string;
  readonly files: readonly UndoneFile[];
  /** The first MOST_REFUSED of them. */
  readonly refused: readonly RefusedUndo[];
  readonly refusedInAll: number;
  /** Events that are of no row and stay, by type: first passwords. */
  readonly others: Readonly<Record<string, number>>;
}

const MOST_REFUSED = 1_000;

interface FileTally {
  readonly changes: ChangeTally;
  readonly counts: Record<UndoneRow['outcome'], number>;
  recorded: number;
}

/** Counts what becomes of the rows of a batch. */
export class UndoTally {
  private readonly files = new Map<string, FileTally>();
  private readonly refused: RefusedUndo[] = [];
  private readonly others: Record<string, number> = {};

  /** @param undoes the id of the batch that is undone */
  constructor(private readonly undoes: string) {}

  add(rows: readonly UndoneRow[]): void {
    for (const row of rows) this.addRow(row);
  }

  addOther(type: string): void {
    this.others[type] = (this.others[type] ?? 0) + 1;
  }

  result(): Omit<UndoReport, 'batch'> {
    const files = Array.from(this.files, ([name, { changes, counts, recorded }]): UndoneFile => {
      const fields = changes
        .result()
        .fields.map(({ examples, ...field }) => ({ ...field, examples: examples.map(({ before, after }) => ({ before, after })) }));
      const { restored, taken_back: takenBack, done, refused } = counts;
      return { file: `${name}.csv`, rows: restored + takenBack + done + refused, restored, takenBack, done, refused, recorded, fields };
    });
    const refusedInAll = files.reduce((sum, { refused }) => sum + refused, 0);
    return { undoes: this.undoes, files, refused: this.refused, refusedInAll, others: this.others };
  }

  private addRow({ change: { file, key, latest }, outcome, recorded, reason = '', from, to }: UndoneRow): void {
    const counts = { restored: 0, taken_back: 0, done: 0, refused: 0 };
    const tally = this.files.get(file.name) ?? { changes: new ChangeTally(file), counts, recorded: 0 };
    this.files.set(file.name, tally);
    tally.counts[outcome]++;
    tally.recorded += recorded;
    if (outcome === 'restored') tally.changes.addChange(0, from, to); // it has no line
    if (outcome === 'refused' && this.refused.length < MOST_REFUSED) this.refused.push({ file: `${file.name}.csv`, stream: latest.stream, key, reason });
  }
}
