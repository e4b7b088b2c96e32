import type { Catalogue } from '../../../catalogue/catalogue.js';
import { type Cause, causedBy } from '../../../event-store/cause.js';
import type { Commands } from '../../../event-store/commands.js';
import { deterministicId } from '../../../event-store/deterministic-id.js';
import type { Position, Recorded } from '../../../event-store/event.js';
import type { EventStore } from '../../../event-store/event-store.js';
import { currentState } from '../../../event-store/reading/current-state.js';
import { Refusal } from '../../../event-store/refusal.js';
import { inParallel } from '../../../kernel/in-parallel.js';
import type { Safe, Safes } from '../../../vault/vault.js';
import { refusalMessage } from '../../../web/errors/refusal-message.js';
import { type ChunkEvent, correctionChunk, noteOnce } from '../correction-chunk.decider.js';
import { type ChunkOutcome, correctionProposal } from '../correction-proposal.decider.js';
import { appliedChunk, listedRows, safesOf, sealedColumns, seenDigests } from '../correction-rows.js';
import type { ProposalTerms, RefusedLine, RowBefore } from '../corrections.events.js';
import { refused } from '../corrections.refusals.js';
import { appliedChunkStream, correctionStream } from '../corrections.streams.js';
import { CandidateDocuments } from '../preview/changed-documents.js';
import { correctionCommands } from '../preview/correction-commands.js';
import type { OpenedRow } from '../preview/decide-row.js';
import { type PreviewedCandidate, type PreviewedRow, previewRows } from '../preview/preview-rows.js';
import type { CorrectionRelease } from '../preview/release.js';
import { differs } from './compare-with-preview.js';

interface Ports {
  readonly events: EventStore;
  readonly safes: Safes;
  readonly catalogue: Catalogue;
  readonly release: CorrectionRelease;
}

/** Candidates whose events are read at the same time. */
const READS = 16;

/**
 * Records the rows of a chunk that are as they were when they were approved. It can be repeated after a crash at any step, and by two
 * processes at once: each step is noted before the next, and the ids of all commands follow from the correction and the row.
 */
export async function applyChunk(correction: string, chunk: number, at: string, ports: Ports): Promise<ChunkOutcome> {
  const { events, safes } = ports;
  const { terms, approval } = await currentState(events, correctionStream(correction), correctionProposal);
  if (!terms || !approval) throw new Error(`correction ${correction} is not approved`);
  const rows = await listedRows(events, safes, correction, chunk);
  const known = await appliedChunk(events, correction, chunk);
  if (known.applied) return outcomeOf(chunk, rows, known.applied);
  const preview = ({ upTo, at: time }: Beginning) =>
    previewRows(rows, { correction, kind: terms.kind, upTo, at: time }, { events, vault: safes, catalogue: ports.catalogue }, ports.release);
  return causedBy(causeOf(terms), async () => {
    const note = async (what: ChunkEvent, step: string) => {
      const given = { id: deterministicId(`correction ${correction} ${step} ${chunk}`), at };
      await events.decide({ given }, appliedChunkStream(correction, chunk), correctionChunk, (state) => noteOnce(state, what));
      return appliedChunk(events, correction, chunk);
    };
    let foreseen: { readonly of: Beginning; readonly candidates: readonly PreviewedCandidate[] } | undefined;
    const begin = async () => {
      const beginning = { upTo: await events.head(), at };
      const digests = await seenDigests(events, correction, approval.id, chunk);
      foreseen = { of: beginning, candidates: await preview(beginning) };
      const checked = await unmoved(foreseen.candidates, digests, safes);
      return (await note({ type: 'CorrectionChunkBegun', data: { correction, chunk, ...beginning, ...checked } }, 'begun')).begun;
    };
    const begun = known.begun ?? (await begin());
    if (!begun) throw new Error(`chunk ${chunk} of correction ${correction} was not begun`);
    const isForeseen = foreseen?.of.upTo === begun.upTo && foreseen.of.at === begun.at; // otherwise it was begun before a crash, or by another process
    const candidates = foreseen && isForeseen ? foreseen.candidates : await preview(begun);
    const lines = new Set(begun.rows.map(({ line }) => line));
    const chosen = candidates.filter((candidate) => candidate.rows.some(({ line }) => lines.has(line)));
    const recorded = isForeseen ? new Set<string>() : await recordedCommands(chosen, correction, events);
    const refusedNow = await execute(chosen, lines, recorded, correctionCommands(ports.release.handlers, events, safes, ports.catalogue));
    const refusedLines = [...begun.refused, ...refusedNow];
    const checked = await check(chosen, { ...begun, refused: new Set(refusedLines.map(({ line }) => line)) }, ports);
    const { applied } = await note({ type: 'CorrectionChunkApplied', data: { correction, chunk, ...checked, refused: refusedLines } }, 'applied');
    if (!applied) throw new Error(`chunk ${chunk} of correction ${correction} was not noted`);
    return outcomeOf(chunk, rows, applied);
  });
}

function causeOf({ correction, by, reason, ticket }: ProposalTerms): Cause {
  return { by: `office:${by}`, origin: 'office', correlation: correction, why: reason, ...(ticket !== undefined && { ticket }) };
}

function outcomeOf(
  chunk: number,
  rows: readonly OpenedRow[],
  { recorded, refused: lines, differing }: { recorded: number; refused: readonly RefusedLine[]; differing: readonly number[] },
): ChunkOutcome {
  return { chunk, rows: rows.length, recorded, refused: lines.length, differing: differing.length };
}

interface Beginning {
  /** Where the log ended for the preview. */
  readonly upTo: Position;
  /** The time of the commands. */
  readonly at: string;
}

/** Which rows begin: those of candidates of whom nothing has changed since it was approved. */
async function unmoved(previewed: readonly PreviewedCandidate[], digests: Readonly<Record<string, string>>, safes: Safes) {
  const rows: RowBefore[] = [];
  const refusedLines: RefusedLine[] = [];
  const safeOf = await safesOf(
    safes,
    previewed.map(({ candidateId }) => candidateId),
  );
  for (const { candidateId, digest, rows: own } of previewed) {
    const isMoved = digests[candidateId] !== digest;
    for (const { line, refusal, wayBack } of own) {
      if (refusal) refusedLines.push({ line, ...refusal });
      else if (isMoved) refusedLines.push({ line, ...MOVED });
      else rows.push({ line, candidateId, ...(wayBack && { before: sealedColumns(safeOf.get(candidateId) as Safe, wayBack) }) });
    }
  }
  return { rows, refused: refusedLines };
}

const moved = refused('correction.moved');
const MOVED = { code: moved.code, reason: refusalMessage(moved) };

/** Gives the commands of the preview, those about one candidate one after another. @param recorded those that were recorded before a crash */
async function execute(candidates: readonly PreviewedCandidate[], lines: ReadonlySet<number>, recorded: ReadonlySet<string>, commands: Commands) {
  const refusedLines: RefusedLine[] = [];
  const executeRow = async ({ line, id, command }: PreviewedRow) => {
    try {
      // one that was recorded is given again: what follows an append, such as in the vault, is done with the repeat
      if (command) await commands.execute(command);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!recorded.has(id)) refusedLines.push({ line, code: error.code, reason: refusalMessage(error) });
    }
  };
  await Promise.all(
    candidates.map(async ({ rows }) => {
      for (const row of rows) if (lines.has(row.line)) await executeRow(row);
    }),
  );
  return refusedLines.sort((one, other) => one.line - other.line);
}

async function recordedCommands(candidates: readonly PreviewedCandidate[], correction: string, events: EventStore): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  await inParallel(candidates, READS, async ({ candidateId }) => {
    for (const { metadata } of await events.subject(candidateId)) if (metadata.correlation === correction) found.add(metadata.command);
  });
  return found;
}

interface Checking extends Beginning {
  /** Lines that were not recorded. */
  readonly refused: ReadonlySet<number>;
}

/** Folds the changed documents afresh from the log, without what reactions have added since, and compares them with the preview. */
async function check(previewed: readonly PreviewedCandidate[], { at, upTo, refused: lines }: Checking, { events, safes, release }: Ports) {
  const safeOf = await safesOf(
    safes,
    previewed.map(({ candidateId }) => candidateId),
  );
  const documents = new CandidateDocuments(release.projections);
  const differing: number[] = [];
  let recorded = 0;
  await inParallel(previewed, READS, async (candidate) => {
    const commands = new Set(candidate.rows.map(({ id }) => id));
    const isOwn = (event: Recorded) => commands.has(event.metadata.command);
    const history = (await events.subject(candidate.candidateId)).filter((event) => event.position <= upTo || isOwn(event));
    recorded += history.filter(isOwn).length;
    if (candidate.rows.some(({ line }) => lines.has(line))) return; // it is not what was shown, and is listed as refused
    if (differs(candidate, history, { upTo, at, safe: safeOf.get(candidate.candidateId) as Safe, documents }))
      differing.push(...candidate.rows.map(({ line }) => line));
  });
  return { recorded, differing: differing.sort((one, other) => one - other) };
}
