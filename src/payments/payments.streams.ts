import type { Stream } from '../event-store/event.js';

export const billStreamName = (bill: string): string => `bill-${bill}`;

export const billStream = (bill: string, candidateId: string): Stream => ({ name: billStreamName(bill), subject: candidateId });

/** @param day in Beijing, such as 2026-11-22 */
export const reconciliationStream = (day: string): Stream => ({ name: `reconciliation-${day}` });
