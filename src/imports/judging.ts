import type { Vault } from '../vault/vault.js';
import { contradictionsWithin, contradictionsWithRecorded, findNamesakes, findResent } from './agreements.js';
import { type KnownValues, References } from './references.js';
import type { StagedFile } from './staged-file.js';
import type { Staging } from './staging.js';

/** What of a batch is not recorded: by default each file with a bad row; with bad rows skipped, a file without a right header. */
export function isKeptOut(file: StagedFile, skipBadRows: boolean): boolean {
  return file.headless || (file.bad > 0 && !skipBadRows);
}

/**
 * Judges staged rows by what only the whole batch and the record can tell: rows that contradict each other, references
 * to what is unknown. A row or file that falls out takes with it what refers to it, until nothing more falls out.
 */
export async function judge(staging: Staging, skipBadRows: boolean, vault: Vault, recorded: KnownValues): Promise<void> {
  const references = new References(staging, recorded);
  const agreeing = staging.files.filter(({ kind, headless }) => kind.agreement && !headless);
  for (const file of agreeing) {
    contradictionsWithin(staging, file);
    await findNamesakes(staging, file, vault);
    await findResent(staging, file, vault);
  }
  for (let bad = -1; bad !== staging.badRows(); ) {
    bad = staging.badRows();
    for (const file of agreeing) contradictionsWithRecorded(staging, file);
    const keptOut = staging.files.filter((file) => isKeptOut(file, skipBadRows));
    if (await references.resolve(keptOut.map(({ index }) => index))) for (const file of staging.files) unknownReferences(file, references);
  }
}

function unknownReferences(file: StagedFile, references: References): void {
  for (const rows of file.pages()) {
    for (const { line, text } of rows) {
      const faults = file.kind.references(JSON.parse(text)).flatMap((reference) => references.fault(reference) ?? []);
      if (faults.length > 0) file.spoil(line, faults);
    }
  }
}
