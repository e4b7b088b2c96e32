import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Changes what stands in the file of the read models of a folder, past all code; answers how many rows. */
export function damage(folder: string, sql: string, ...values: readonly (string | null)[]): number {
  const db = new DatabaseSync(join(folder, 'read-models.sqlite'), { timeout: 5_000 });
  try {
    return Number(db.prepare(sql).run(...values).changes);
  } finally {
    db.close();
  }
}
