import { type Domain, openDomain } from '../composition/domain.js';
import { knownImportFiles } from '../composition/known/import-files.js';
import { openToRead, type StoresToRead } from '../composition/preview-stores.js';
import { lowerThreadPriority } from '../kernel/priority.js';
import { StoreUnavailable } from '../kernel/store-unavailable.js';
import { readSettings } from '../settings/settings.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { fileKind } from './files/import-file.js';
import { type PreviewedRows, previewRows, type RowsToPreview } from './preview/preview-rows.js';
import type { RowsToRecord } from './recording/execute-rows.js';
import { type RecordedRows, recordRows } from './recording/record-rows.js';
import { type CheckedPiece, checkPiece, type PieceToCheck } from './staging/check-piece.js';

/** A store is unavailable or damaged. Returned as a value, because an error loses its class between threads. */
export type StoreFailure = { readonly unavailable: string } | { readonly damaged: string };

lowerThreadPriority();

let opened: Promise<Domain> | undefined;
let openedToRead: Promise<StoresToRead> | undefined;

export function check(piece: PieceToCheck): Promise<CheckedPiece> {
  return checkPiece(fileKind(knownImportFiles, piece.kind), piece);
}

export function record(rows: RowsToRecord): Promise<RecordedRows | StoreFailure> {
  opened ??= openDomain(readSettings(process.env));
  return orFailure(async () => {
    const { commands, vault } = await (opened as Promise<Domain>);
    return recordRows(knownImportFiles, rows, commands, vault);
  });
}

/** Opens no more than what is read. */
export function preview(rows: RowsToPreview): Promise<PreviewedRows | StoreFailure> {
  openedToRead ??= openToRead(readSettings(process.env), rows.elsewhere);
  return orFailure(async () => previewRows(knownImportFiles, rows, await (openedToRead as Promise<StoresToRead>)));
}

async function orFailure<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | StoreFailure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    if (error instanceof DamagedFile) return { damaged: error.message };
    throw error;
  }
}
