import { deterministicId } from '../../event-store/deterministic-id.js';
import type { EventStore } from '../../event-store/event-store.js';
import { currentState } from '../../event-store/reading/current-state.js';
import type { Safe, Safes } from '../../vault/vault.js';
import type { Columns } from './correction.js';
import { type Chunk, correctionChunk, noteOnce } from './correction-chunk.decider.js';
import type { SealedColumns } from './corrections.events.js';
import { appliedChunkStream, proposedChunkStream, seenChunkStream } from './corrections.streams.js';
import type { OpenedRow } from './preview/decide-row.js';

/** The safes of candidates by id. */
export async function safesOf(safes: Pick<Safes, 'safes'>, candidateIds: readonly string[]): Promise<ReadonlyMap<string, Safe>> {
  const ids = [...new Set(candidateIds)];
  const found = await safes.safes(ids);
  return new Map(ids.map((id, at) => [id, found[at] as Safe]));
}

/** Seals what a row says with its candidate's key. */
export function sealedColumns(safe: Safe, columns: Columns): SealedColumns {
  return safe.seal(columns);
}

/** Records a chunk of rows before they are proposed. Needs a current cause. */
export async function listRows(
  events: EventStore,
  safes: Pick<Safes, 'safes'>,
  correction: string,
  chunk: number,
  rows: readonly (OpenedRow & { columns: Columns })[],
  at: string,
) {
  const safeOf = await safesOf(
    safes,
    rows.map(({ candidateId }) => candidateId),
  );
  const listed = rows.map(({ line, candidateId, columns }) => ({ line, candidateId, columns: sealedColumns(safeOf.get(candidateId) as Safe, columns) }));
  const given = { id: deterministicId(`correction ${correction} rows ${chunk}`), at };
  await events.decide({ given }, proposedChunkStream(correction, chunk), correctionChunk, (state) =>
    noteOnce(state, { type: 'CorrectionRowsListed', data: { correction, chunk, rows: listed } }),
  );
}

/** Whose rows a chunk has, each once. */
export async function listedCandidates(events: Pick<EventStore, 'streams'>, correction: string, chunk: number): Promise<readonly string[]> {
  const { rows } = await listedChunk(events, correction, chunk);
  return [...new Set(rows.map(({ candidateId }) => candidateId))];
}

/** The rows of a chunk, opened. */
export async function listedRows(
  events: Pick<EventStore, 'streams'>,
  safes: Pick<Safes, 'safes'>,
  correction: string,
  chunk: number,
): Promise<readonly OpenedRow[]> {
  const listed = await listedChunk(events, correction, chunk);
  const safeOf = await safesOf(
    safes,
    listed.rows.map(({ candidateId }) => candidateId),
  );
  return listed.rows.map(({ line, candidateId, columns }) => ({ line, candidateId, columns: safeOf.get(candidateId)?.open(columns) }));
}

async function listedChunk(events: Pick<EventStore, 'streams'>, correction: string, chunk: number) {
  const { listed } = await currentState(events, proposedChunkStream(correction, chunk), correctionChunk);
  if (!listed) throw new Error(`chunk ${chunk} of correction ${correction} is not in the log`);
  return listed;
}

/** Records what was shown of a chunk, before it is approved. Needs a current cause. */
export async function noteSeen(
  events: EventStore,
  correction: string,
  approval: string,
  chunk: number,
  digests: Readonly<Record<string, string>>,
  at: string,
): Promise<void> {
  const given = { id: deterministicId(`correction ${correction} seen ${approval} ${chunk}`), at };
  await events.decide({ given }, seenChunkStream(correction, approval, chunk), correctionChunk, (state) =>
    noteOnce(state, { type: 'CorrectionPreviewSeen', data: { correction, approval, chunk, digests } }),
  );
}

export async function seenDigests(
  events: Pick<EventStore, 'streams'>,
  correction: string,
  approval: string,
  chunk: number,
): Promise<Readonly<Record<string, string>>> {
  const { seen } = await currentState(events, seenChunkStream(correction, approval, chunk), correctionChunk);
  if (!seen) throw new Error(`what was approved of chunk ${chunk} of correction ${correction} is not in the log`);
  return seen.digests;
}

/** How far a chunk is applied. */
export function appliedChunk(events: Pick<EventStore, 'streams'>, correction: string, chunk: number): Promise<Chunk> {
  return currentState(events, appliedChunkStream(correction, chunk), correctionChunk);
}
