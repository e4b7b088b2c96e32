import type { Stream } from '../../event-store/event.js';

export const correctionStream = (correction: string): Stream => ({ name: `correction-${correction}` });

/** Chunks have streams of their own, so that a decision reads none and work on one reads no other. */
export const proposedChunkStream = (correction: string, chunk: number): Stream => ({ name: `correction-${correction}-rows-${chunk}` });

export const seenChunkStream = (correction: string, approval: string, chunk: number): Stream => ({
  name: `correction-${correction}-seen-${approval}-${chunk}`,
});

export const appliedChunkStream = (correction: string, chunk: number): Stream => ({ name: `correction-${correction}-applied-${chunk}` });
