import type { Commands } from '../../event-store/commands.js';
import type { Safes } from '../../vault/vault.js';
import type { ImportFile } from '../files/import-file.js';
import { executeRows, type RefusedRow, type RowsToRecord } from './execute-rows.js';

export interface RecordedRows {
  /** The number of events recorded, by kind of row. */
  readonly events: Readonly<Record<string, number>>;
  readonly refused: readonly RefusedRow[];
}

/** Records rows. Those that are refused are in the result. */
export async function recordRows(kinds: readonly ImportFile[], rows: RowsToRecord, commands: Commands, safes: Pick<Safes, 'find'>): Promise<RecordedRows> {
  const events: Record<string, number> = {};
  const refused: RefusedRow[] = [];
  for await (const { row: _, ...outcome } of executeRows(kinds, rows, commands, safes)) {
    if ('reason' in outcome) refused.push(outcome);
    else events[outcome.kind] = (events[outcome.kind] ?? 0) + outcome.recorded;
  }
  return { events, refused };
}
