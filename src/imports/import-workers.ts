import type { Commands } from '../event-store/commands.js';
import type { Safes } from '../vault/vault.js';
import { fileKind, type ImportFile } from './files/import-file.js';
import { type PreviewedRows, previewRows, type ReadableStores, type RowsToPreview } from './preview/preview-rows.js';
import type { RowsToRecord } from './recording/execute-rows.js';
import { type RecordedRows, recordRows } from './recording/record-rows.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './staging/check-piece.js';

/** Checks rows: on this thread or on several (`ImportThreads`). */
export interface CheckWorkers {
  /** How many concurrent tasks keep all workers busy. */
  readonly concurrency: number;
  check(piece: PieceToCheck): Promise<CheckedPiece>;
}

/** Checks and previews rows. */
export interface PreviewWorkers extends CheckWorkers {
  /** @throws StoreUnavailable */
  preview(rows: RowsToPreview): Promise<PreviewedRows>;
}

/** Checks and records rows. */
export interface ImportWorkers extends CheckWorkers {
  /** @throws StoreUnavailable */
  record(rows: RowsToRecord): Promise<RecordedRows>;
}

class InProcessCheck implements CheckWorkers {
  readonly concurrency = 1;

  constructor(protected readonly kinds: readonly ImportFile[]) {}

  check(piece: PieceToCheck): Promise<CheckedPiece> {
    return checkPiece(fileKind(this.kinds, piece.kind), piece);
  }
}

/** Checks and records rows on this thread. */
export class InProcessWorker extends InProcessCheck implements ImportWorkers {
  constructor(
    kinds: readonly ImportFile[],
    private readonly commands: Commands,
    private readonly safes: Pick<Safes, 'find'>,
  ) {
    super(kinds);
  }

  record(rows: RowsToRecord): Promise<RecordedRows> {
    return recordRows(this.kinds, rows, this.commands, this.safes);
  }
}

/** Checks and previews rows on this thread. */
export class InProcessPreview extends InProcessCheck implements PreviewWorkers {
  constructor(
    kinds: readonly ImportFile[],
    private readonly stores: ReadableStores,
  ) {
    super(kinds);
  }

  preview(rows: RowsToPreview): Promise<PreviewedRows> {
    return previewRows(this.kinds, rows, this.stores);
  }
}
