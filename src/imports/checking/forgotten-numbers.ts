import { query } from '../../sqlite/query.js';
import type { ReadableVault } from '../../vault/vault.js';
import type { StagedFile } from '../staging/staged-file.js';
import type { Staging } from '../staging/staging.js';

const PAGE = 1_000;
const REASON = '这个考生的资料已按规定删除，这一行没有导入';

/**
 * Leaves out the rows of candidates who were forgotten; the other rows of their files stand. A number that is registered again is
 * anybody's.
 */
export async function leaveOutForgotten(staging: Staging, vault: ReadableVault): Promise<void> {
  const forgotten = await forgottenAmong(staging, vault);
  if (forgotten.size === 0) return;
  for (const file of staging.files) {
    if (file.hasBadHeader) continue;
    for (const page of file.pages()) {
      for (const { line, text } of page) {
        const column = forgottenColumn(file, JSON.parse(text), forgotten);
        if (column !== undefined) file.leaveOut(line, { column, reason: REASON });
      }
    }
  }
}

/** Of all admission numbers that the batch names. */
async function forgottenAmong({ database }: Staging, vault: ReadableVault): Promise<ReadonlySet<string>> {
  const page = query<{ readonly value: string }>(
    database,
    `SELECT value FROM wanted WHERE kind = 'candidate' AND value > ?1
     UNION SELECT value FROM defined WHERE kind = 'candidate' AND value > ?1
     ORDER BY value LIMIT ${PAGE}`,
  );
  const forgotten = new Set<string>();
  for (let after = ''; ; ) {
    const numbers = page.all(after).map(({ value }) => value);
    const last = numbers.at(-1);
    if (last === undefined) return forgotten;
    const wereForgotten = await vault.wereForgotten(numbers);
    const candidates = numbers.filter((_, at) => wereForgotten[at]);
    const ids = candidates.length > 0 ? await vault.find(candidates) : [];
    candidates.forEach((number, at) => {
      if (ids[at] === undefined) forgotten.add(number);
    });
    after = last;
  }
}

function forgottenColumn({ kind }: StagedFile, row: unknown, forgotten: ReadonlySet<string>): string | undefined {
  const own = kind.defines?.(row);
  if (own?.kind === 'candidate' && forgotten.has(own.value)) return 'admission_no';
  return kind.references(row).find((each) => each.kind === 'candidate' && forgotten.has(each.value))?.column;
}
