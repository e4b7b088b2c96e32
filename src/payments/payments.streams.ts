import type { Stream } from '../event-store/event.js';

export const billStreamName = (bill: string): string => `bill-${bill}`;

export const billStream = (bill: string, candidateId: string): Stream => ({ name: billStreamName(bill), subject: candidateId });
