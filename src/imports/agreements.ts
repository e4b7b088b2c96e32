import { query } from '../sqlite/query.js';
import type { Vault } from '../vault/vault.js';
import type { Fault, ImportFile } from './files/import-file.js';
import type { StagedFile } from './staged-file.js';
import type { Staging } from './staging.js';

const PAGE = 1_000;

interface Agreed {
  readonly owner: string;
  readonly same: string;
  readonly line: number;
}

/** Spoils the rows of a file that give one number to two names. */
export function contradictionsWithin({ database }: Staging, file: StagedFile): void {
  const lines = database
    .prepare(
      `SELECT line FROM agreed WHERE file = ? AND owner IN (SELECT owner FROM agreed WHERE file = ? GROUP BY owner HAVING min(same) <> max(same)) ORDER BY line`,
    )
    .all(file.index, file.index) as { line: number }[];
  for (const { line } of lines) file.spoil(line, [disagreement(file, line)]);
}

/** Notes for each row the candidates recorded with its citizen number and another name. */
export async function findNamesakes({ database }: Staging, file: StagedFile, vault: Vault): Promise<void> {
  const page = query<Agreed>(
    database,
    'SELECT owner, same, line FROM agreed WHERE file = ? AND (owner, same, line) > (?, ?, ?) ORDER BY owner, same, line LIMIT ?',
  );
  const note = database.prepare('INSERT INTO namesakes VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  let after: Agreed = { owner: '', same: '', line: 0 };
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

/** Notes which of the candidates found so come in this batch themselves: their names are then the batch's. */
export async function findResent({ database }: Staging, file: StagedFile, vault: Vault): Promise<void> {
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

/** Spoils the rows that give another name to a number than is recorded, unless the batch corrects what is recorded. */
export function contradictionsWithRecorded({ database }: Staging, file: StagedFile): void {
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
    const { column, reason } = disagreement(file, line);
    file.spoil(line, [{ column, reason: `${reason}（与已登记的不一致）` }]);
  }
}

function disagreement(file: StagedFile, line: number): Fault {
  const { fault } = (file.kind as Required<ImportFile>).agreement(file.row(line));
  return fault;
}
