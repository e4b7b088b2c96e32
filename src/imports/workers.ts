import type { Commands } from '../event-store/commands.js';
import type { Vault } from '../vault/vault.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './check-piece.js';
import { type ImportFile, kindNamed } from './files/import-file.js';
import { type RecordedRows, type RowsToRecord, recordRows } from './record-rows.js';

/** Who does the work on rows: this thread (`OneWorker`), or several beside it (`ImportThreads`). */
export interface ImportWorkers {
  /** How many pieces of work keep all of them busy. */
  readonly atOnce: number;
  check(piece: PieceToCheck): Promise<CheckedPiece>;
  /** @throws StoreUnavailable */
  record(rows: RowsToRecord): Promise<RecordedRows>;
}

export class OneWorker implements ImportWorkers {
  readonly atOnce = 1;

  constructor(
    private readonly kinds: readonly ImportFile[],
    private readonly commands: Commands,
    private readonly vault: Vault,
  ) {}

  check(piece: PieceToCheck): Promise<CheckedPiece> {
    return checkPiece(kindNamed(this.kinds, piece.kind), piece);
  }

  record(rows: RowsToRecord): Promise<RecordedRows> {
    return recordRows(this.kinds, rows, this.commands, this.vault);
  }
}
