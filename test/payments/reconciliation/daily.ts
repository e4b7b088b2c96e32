import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

/** A row of the platform's daily file; `at` with any offset. */
export interface DailyRow {
  readonly kind?: 'payment' | 'refund';
  readonly order: string;
  readonly transaction: string;
  readonly fen?: number;
  readonly at: string;
}

const COLUMNS = ['order', 'transaction', 'kind', 'fen', 'channel', 'happened_at'];

/** The file of a day as docs/payment-platform.md says, with its last line. */
export function dailyText(endsAt: string, rows: readonly DailyRow[]): string {
  const sum = rows.reduce((total, { kind, fen = 6_000 }) => total + (kind === 'refund' ? -fen : fen), 0);
  const lines = rows.map(({ kind = 'payment', order, transaction, fen = 6_000, at }) => [order, transaction, kind, fen, 'alipay', at]);
  return stringify([COLUMNS, ...lines, ['', '', 'end', sum, '', endsAt]]);
}

/** Writes a file into a folder; answers its path. */
export function writeDaily(folder: string, text: string, name = 'day.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
