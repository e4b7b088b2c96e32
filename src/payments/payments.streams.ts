import type { Stream } from '../event-store/event.js';
import { refused } from './payments.refusals.js';

export const billStreamName = (bill: string): string => `bill-${bill}`;

export const billStream = (bill: string, candidateId?: string): Stream => ({ name: billStreamName(bill), subject: candidateId });

/** @param day in Beijing, such as 2026-11-22 */
export const reconciliationStream = (day: string): Stream => ({ name: `reconciliation-${day}` });

/** An order's number: its bill's, and two digits of the attempt. */
const ORDER = /^(\d{14})\d{2}$/;

/** The bill's number in an order's number; undefined for an order of others. */
export function billOfOrder(order: string): string | undefined {
  return ORDER.exec(order)?.[1];
}

/** The stream of the bill that an order is for. @throws Refusal bill.unknown for an order of others */
export function billStreamOfOrder(order: string): Stream {
  const bill = billOfOrder(order);
  if (bill === undefined) throw refused('bill.unknown');
  return billStream(bill);
}
