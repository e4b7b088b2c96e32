import { stringify } from 'csv-stringify/sync';
import { DateTime } from 'luxon';
import type { PlatformStore } from './platform-store.js';

const BEIJING = { zone: 'Asia/Shanghai' };
const COLUMNS = ['order', 'transaction', 'kind', 'fen', 'channel', 'happened_at'];

/**
 * The reconciliation file of a day in Beijing (docs/payment-platform.md), with what has happened by now.
 * @param day such as 2026-11-22
 */
export function dailyFile(store: PlatformStore, day: string, now: Date): string {
  const begins = DateTime.fromISO(day, BEIJING);
  const ends = begins.plus({ days: 1 });
  const until = DateTime.min(ends, DateTime.fromJSDate(now).plus(1)).toUTC().toISO() ?? '';
  const rows: (string | number)[][] = [];
  let sum = 0;
  for (const { order, transaction, kind, fen, channel, at } of store.movements(begins.toUTC().toISO() ?? '', until)) {
    sum += kind === 'payment' ? fen : -fen;
    rows.push([order, transaction, kind, fen, channel, DateTime.fromISO(at, BEIJING).toISO() ?? '']);
  }
  return stringify([COLUMNS, ...rows, ['', '', 'end', sum, '', ends.toISO() ?? '']]);
}
