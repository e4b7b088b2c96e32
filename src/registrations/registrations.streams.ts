import type { Stream } from '../event-store/event.js';

export const candidateStream = (id: string): Stream => ({ name: `candidate-${id}`, subject: id });
