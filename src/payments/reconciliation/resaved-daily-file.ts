/** A spreadsheet keeps 15 digits of a number: the 16th of an order becomes 0. The attempts of a bill are counted from 01, so no order ends in 00. */
const NO_ORDER = /^\d{14}00$/;
const SCIENTIFIC = /^\d(\.\d+)?E\+?\d+$/i;
/** How spreadsheets write times. */
const SPREADSHEET_TIME = /^\d{4}[/-]\d{1,2}[/-]\d{1,2} \d{1,2}:\d{2}(:\d{2})?$/;
/** Rows of which all orders end in 0: the tenth attempts of as many bills at once do not happen. */
const TELLING = 3;

/** What tells that a row was written by a spreadsheet; undefined where nothing does. */
export function resavedSign(order: string, transaction: string, happenedAt: string): string | undefined {
  if (SCIENTIFIC.test(order)) return `订单号变成了“${order}”`;
  if (SCIENTIFIC.test(transaction)) return `交易号变成了“${transaction}”`;
  if (NO_ORDER.test(order)) return '订单号的最后两位变成了 00';
  if (/^\d{12,15}$/.test(order)) return `订单号只剩 ${order.length} 位数字`;
  return SPREADSHEET_TIME.test(happenedAt) ? `时间变成了“${happenedAt}”` : undefined;
}

/** The same of all rows together. */
export function resavedOrders(orders: readonly string[]): string | undefined {
  return orders.length >= TELLING && orders.every((order) => order.endsWith('0')) ? '所有订单号的最后一位都变成了 0' : undefined;
}
