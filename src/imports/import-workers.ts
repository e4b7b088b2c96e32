import type { Commands } from '../event-store/commands.js';
import type { Vault } from '../vault/vault.js';
import { fileKind, type ImportFile } from './files/import-file.js';
import { type RecordedRows, type RowsToRecord, recordRows } from './recording/record-rows.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './staging/check-piece.js';

/** Checks and records rows: on this thread (`InProcessWorker`) or on several (`ImportThreads`). */
export interface ImportWorkers {
  /** How many concurrent tasks keep all workers busy. */
  readonly concurrency: number;
  check(piece: PieceToCheck): Promise<CheckedPiece>;
  /** @throws StoreUnavailable */
  record(rows: RowsToRecord): Promise<RecordedRows>;
}

export class InProcessWorker implements ImportWorkers {
  readonly concurrency = 1;

  constructor(
    private readonly kinds: readonly ImportFile[],
    private readonly commands: Commands,
    private readonly vault: Vault,
  ) {}

  check(piece: PieceToCheck): Promise<CheckedPiece> {
    return checkPiece(fileKind(this.kinds, piece.kind), piece);
  }

  record(rows: RowsToRecord): Promise<RecordedRows> {
    return recordRows(this.kinds, rows, this.commands, this.vault);
  }
}
