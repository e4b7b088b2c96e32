import { query } from '../../sqlite/query.js';
import type { ReadableVault } from '../../vault/vault.js';
import type { ImportFile, RowFault } from '../files/import-file.js';
import type { StagedFile } from '../staging/staged-file.js';
import type { Staging } from '../staging/staging.js';

const PAGE = 1_000;

interface AgreementRow {
  readonly owner: string;
  readonly same: string;
  readonly line: number;
}

/** Marks rows of a file as bad that give one citizen number two names. */
export function markConflictsWithinFile({ database }: Staging, file: StagedFile): void {
  const lines = database
    .prepare(
      `SELECT line FROM agreed WHERE file = ? AND owner IN (SELECT owner FROM agreed WHERE file = ? GROUP BY owner HAVING min(same) <> max(same)) ORDER BY line`,
    )
    .all(file.index, file.index) as { line: number }[];
  for (const { line } of lines) file.markBad(line, [conflictFault(file, line)]);
}

/** Stores for each row the recorded candidates with its citizen number and another name. */
export async function findOtherNames({ database }: Staging, file: StagedFile, vault: ReadableVault): Promise<void> {
  const page = query<AgreementRow>(
    database,
    'SELECT owner, same, line FROM agreed WHERE file = ? AND (owner, same, line) > (?, ?, ?) ORDER BY owner, same, line LIMIT ?',
  );
  const note = database.prepare('INSERT INTO namesakes VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  let after: AgreementRow = { owner: '', same: '', line: 0 };
  for (;;) {
    const rows = page.all(file.index, after.owner, after.same, after.line, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    const found = await Promise.all(rows.map(({ owner, same }) => vault.findByCitizenNo(owner, same)));
    rows.forEach(({ line }, at) => {
      for (const { id, sameName } of found[at] ?? []) if (!sameName) note.run(file.index, id, line);
    });
    after = last;
  }
}

/** Stores which of these candidates have a row in this batch, since their recorded names are then corrected by it. */
export async function findResentCandidates({ database }: Staging, file: StagedFile, vault: ReadableVault): Promise<void> {
  if (!database.prepare('SELECT 1 FROM namesakes LIMIT 1').get()) return;
  const note = database.prepare('INSERT INTO resent SELECT ?, ? WHERE EXISTS (SELECT 1 FROM namesakes WHERE candidate = ?) ON CONFLICT DO NOTHING');
  for (const rows of file.pages()) {
    const ids = await vault.find(rows.map(({ text }) => (JSON.parse(text) as { admission_no: string }).admission_no));
    rows.forEach(({ line }, at) => {
      const id = ids[at];
      if (id !== undefined) note.run(id, line, id);
    });
  }
}

/** Marks rows as bad whose citizen number is recorded with another name, unless the batch corrects the recorded name. */
export function markConflictsWithRecorded({ database }: Staging, file: StagedFile): void {
  const lines = database
    .prepare(
      `SELECT DISTINCT line FROM namesakes
       WHERE file = $file AND NOT EXISTS (SELECT 1 FROM bad WHERE file = $file AND bad.line = namesakes.line) AND NOT EXISTS (
         SELECT 1 FROM resent WHERE resent.candidate = namesakes.candidate
           AND NOT EXISTS (SELECT 1 FROM bad WHERE file = $file AND bad.line = resent.line))
       ORDER BY line`,
    )
    .all({ file: file.index }) as { line: number }[];
  for (const { line } of lines) {
    const { column, reason } = conflictFault(file, line);
    file.markBad(line, [{ column, reason: `${reason}（与已登记的不一致）` }]);
  }
}

function conflictFault(file: StagedFile, line: number): RowFault {
  const { fault } = (file.kind as Required<ImportFile>).agreement(file.row(line));
  return fault;
}
