import { type Domain, openDomain } from '../composition/domain.js';
import { knownImportFiles } from '../composition/known/import-files.js';
import { lowerThreadPriority } from '../kernel/priority.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { readSettings } from '../settings/settings.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { fileKind } from './files/import-file.js';
import { type RecordedRows, type RowsToRecord, recordRows } from './recording/record-rows.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './staging/check-piece.js';

/** A store is unavailable or damaged. Returned as a value, because an error loses its class between threads. */
export type StoreFailure = { readonly unavailable: string } | { readonly damaged: string };

lowerThreadPriority();

let opened: Promise<Domain> | undefined;

export function check(piece: PieceToCheck): Promise<CheckedPiece> {
  return checkPiece(fileKind(knownImportFiles, piece.kind), piece);
}

export async function record(rows: RowsToRecord): Promise<RecordedRows | StoreFailure> {
  opened ??= openDomain(readSettings(process.env));
  try {
    const { commands, vault } = await opened;
    return await recordRows(knownImportFiles, rows, commands, vault);
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    if (error instanceof DamagedFile) return { damaged: error.message };
    throw error;
  }
}
