import type { Stream } from '../event-store/event.js';

export const applicationStream = (application: string, candidateId: string): Stream => ({ name: `application-${application}`, subject: candidateId });
