import type { Stream } from '../event-store/event.js';

/** A candidate's results in one period. */
export const resultsStream = (candidateId: string, period: string): Stream => ({ name: `results-${candidateId}-${period}`, subject: candidateId });
