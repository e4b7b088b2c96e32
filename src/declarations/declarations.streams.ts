import type { Stream } from '../event-store/event.js';

export const declarationStream = (declaration: string, candidateId: string): Stream => ({ name: `declaration-${declaration}`, subject: candidateId });
