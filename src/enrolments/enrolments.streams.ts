import type { Stream } from '../event-store/event.js';

/** A candidate's courses and seats in one period. */
export const enrolmentStream = (candidateId: string, period: string): Stream => ({ name: `enrolment-${candidateId}-${period}`, subject: candidateId });
