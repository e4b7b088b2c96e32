import type { ReadableVault } from '../../vault/vault.js';
import type { StagedFile } from '../staging/staged-file.js';
import type { Staging } from '../staging/staging.js';
import { findOtherNames, findResentCandidates, markConflictsWithinFile, markConflictsWithRecorded } from './name-conflicts.js';
import { type KnownValues, References } from './references.js';

/** Whether a file is not recorded: by default one with a bad row; when bad rows are skipped, only one with a wrong header. */
export function isKeptOut(file: StagedFile, skipBadRows: boolean): boolean {
  return file.hasBadHeader || (file.bad > 0 && !skipBadRows);
}

/**
 * Marks staged rows as bad that contradict other rows or recorded data, or refer to unknown values. Rows that refer to a row or file that
 * was rejected are rejected too; this is repeated until nothing more is.
 */
export async function validateBatch(staging: Staging, skipBadRows: boolean, vault: ReadableVault, recorded: KnownValues): Promise<void> {
  const references = new References(staging, recorded);
  const agreeing = staging.files.filter(({ kind, hasBadHeader }) => kind.agreement && !hasBadHeader);
  for (const file of agreeing) {
    markConflictsWithinFile(staging, file);
    await findOtherNames(staging, file, vault);
    await findResentCandidates(staging, file, vault);
  }
  for (let bad = -1; bad !== staging.badRows(); ) {
    bad = staging.badRows();
    for (const file of agreeing) markConflictsWithRecorded(staging, file);
    const keptOut = staging.files.filter((file) => isKeptOut(file, skipBadRows));
    if (await references.resolve(keptOut.map(({ index }) => index))) for (const file of staging.files) markUnknownReferences(file, references);
  }
}

function markUnknownReferences(file: StagedFile, references: References): void {
  for (const rows of file.pages()) {
    for (const { line, text } of rows) {
      const faults = file.kind.references(JSON.parse(text)).flatMap((reference) => references.fault(reference) ?? []);
      if (faults.length > 0) file.markBad(line, faults);
    }
  }
}
