/** A spreadsheet keeps 15 digits of a number: the 16th becomes 0. No order ends in 00, because attempts are counted from 01. */
const NO_ORDER = /^\d{14}00$/;
const SCIENTIFIC = /^\d(\.\d+)?E\+?\d+$/i;
/** The format in which spreadsheets write times. */
const SPREADSHEET_TIME = /^\d{4}[/-]\d{1,2}[/-]\d{1,2} \d{1,2}:\d{2}(:\d{2})?$/;
/** Orders that all end in 0 and are then no coincidence: only a tenth attempt does. */
const MIN_ORDERS = 3;

/** The trace of a spreadsheet in a row; undefined where there is none. */
export function spreadsheetTrace(order: string, transaction: string, happenedAt: string): string | undefined {
  if (SCIENTIFIC.test(order)) return `订单号变成了“${order}”`;
  if (SCIENTIFIC.test(transaction)) return `交易号变成了“${transaction}”`;
  if (NO_ORDER.test(order)) return '订单号的最后两位变成了 00';
  if (/^\d{12,15}$/.test(order)) return `订单号只剩 ${order.length} 位数字`;
  return SPREADSHEET_TIME.test(happenedAt) ? `时间变成了“${happenedAt}”` : undefined;
}

/** The trace of a spreadsheet in all rows together. */
export function spreadsheetTraceInOrders(orders: readonly string[]): string | undefined {
  return orders.length >= MIN_ORDERS && orders.every((order) => order.endsWith('0')) ? '所有订单号的最后一位都变成了 0' : undefined;
}
