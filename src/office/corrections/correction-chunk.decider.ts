import type { Decider } from '../../event-store/decider.js';
import type { CorrectionEvent } from './corrections.events.js';

type Of<Type extends CorrectionEvent['type']> = Extract<CorrectionEvent, { type: Type }>;

/** What a stream of a chunk holds: the rows that were listed, the digests that were seen, or how it was applied. */
export interface Chunk {
  readonly listed?: Of<'CorrectionRowsListed'>['data'];
  readonly seen?: Of<'CorrectionPreviewSeen'>['data'];
  readonly begun?: Of<'CorrectionChunkBegun'>['data'];
  readonly applied?: Of<'CorrectionChunkApplied'>['data'];
}

export const correctionChunk: Decider<Chunk, CorrectionEvent> = {
  initial: () => ({}),
  evolve(chunk, { type, data }) {
    switch (type) {
      case 'CorrectionRowsListed':
        return { ...chunk, listed: data };
      case 'CorrectionPreviewSeen':
        return { ...chunk, seen: data };
      case 'CorrectionChunkBegun':
        return { ...chunk, begun: data };
      case 'CorrectionChunkApplied':
        return { ...chunk, applied: data };
      default: // of the correction's own stream
        return chunk;
    }
  },
};

export type ChunkEvent = Of<'CorrectionRowsListed' | 'CorrectionPreviewSeen' | 'CorrectionChunkBegun' | 'CorrectionChunkApplied'>;

/** Notes something of a chunk once: who comes second finds what the first has noted. */
export function noteOnce({ listed, seen, begun, applied }: Chunk, event: ChunkEvent): CorrectionEvent[] {
  const known = { CorrectionRowsListed: listed, CorrectionPreviewSeen: seen, CorrectionChunkBegun: begun, CorrectionChunkApplied: applied };
  return known[event.type] === undefined ? [event] : [];
}
