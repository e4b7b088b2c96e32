import type { Stream } from '../event-store/event.js';

export const billStream = (bill: string, candidateId: string): Stream => ({ name: `bill-${bill}`, subject: candidateId });
