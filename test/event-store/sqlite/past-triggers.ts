import { DatabaseSync } from 'node:sqlite';

/** Changes a log as no program does: past the triggers that keep events from it, which are there again afterwards. */
export function pastTriggers(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  const triggers = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all() as { name: string; sql: string }[];
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of triggers) db.exec(trigger.sql);
  db.close();
}

/** Makes a log an older copy of itself, which ends at a row. */
export function cutLog(file: string, last: number): void {
  pastTriggers(file, `DELETE FROM events WHERE position > ${last}; DELETE FROM streams WHERE id NOT IN (SELECT stream FROM events)`);
}
