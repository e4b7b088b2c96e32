import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';

/** A file of a batch as it was read: its name with `.csv`, its rows without the header, and the SHA-256 of its bytes in hex. */
export interface FileOfBatch {
  readonly file: string;
  readonly rows: number;
  readonly sha256: string;
}

/** What came of a file: the events recorded, the bad rows, and whether it was kept out whole. */
export interface FileOutcome {
  readonly file: string;
  readonly recorded: number;
  readonly bad: number;
  readonly keptOut: boolean;
}

/**
 * Recorded around the rows of a batch, whose events have the batch's id as their correlation. `account`: the person of the office who
 * imported it. A batch that was broken off has no `ImportEnded`. One that undoes another names it, and has read no files.
 */
export type ImportEvent =
  | Event<'ImportBegun', { batch: string; account: string; reason?: string; ticket?: string; undoes?: string; files: readonly FileOfBatch[] }>
  | Event<'ImportEnded', { batch: string; recorded: number; files: readonly FileOutcome[] }>;

export const importEvents: EventTypes<ImportEvent> = { ImportBegun: [], ImportEnded: [] };
