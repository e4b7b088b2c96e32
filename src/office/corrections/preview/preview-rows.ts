import type { Catalogue } from '../../../catalogue/catalogue.js';
import { causedInBackground } from '../../../event-store/cause.js';
import type { Position, Recorded } from '../../../event-store/event.js';
import type { EventStore } from '../../../event-store/event-store.js';
import { OverlayEventStore, type ReadableLog } from '../../../event-store/overlay/event-store.js';
import { readOnce } from '../../../event-store/overlay/read-once.js';
import { inParallel } from '../../../kernel/in-parallel.js';
import { SafesOverlay } from '../../../vault/overlay.js';
import type { ReadableVault, Safe } from '../../../vault/vault.js';
import type { CorrectionName } from '../corrections.events.js';
import { CandidateDocuments, type ChangedDocument } from './changed-documents.js';
import { correctionCommands } from './correction-commands.js';
import { type DecidedRow, decideInOrder, type OpenedRow, onlyOwnSince } from './decide-row.js';
import { openedValue } from './opened-value.js';
import { type Reaction, reactionsTo } from './reactions.js';
import { ReadRevisions } from './read-revisions.js';
import type { CorrectionRelease } from './release.js';

/** What a preview reads: nothing by which anything could be recorded. */
export interface PreviewSources {
  readonly events: ReadableLog & Pick<EventStore, 'head'>;
  readonly vault: Pick<ReadableVault, 'find' | 'safes'>;
  readonly catalogue: Catalogue;
}

/** A row with what would come of it. */
export interface PreviewedRow extends DecidedRow {
  readonly events: readonly Recorded[];
  readonly reactions: readonly Reaction[];
}

/** What all rows about a candidate would change. */
export interface PreviewedCandidate {
  readonly candidateId: string;
  readonly rows: readonly PreviewedRow[];
  readonly documents: readonly ChangedDocument[];
  /** Keyed by the candidate's key: the same while the candidate's streams, documents and the rows' outcomes are the same. */
  readonly digest: string;
}

export interface Previewing {
  readonly correction: string;
  readonly kind: CorrectionName;
  /** The log's position at which it is made. */
  readonly upTo: Position;
  /** Its time: ISO 8601, UTC. */
  readonly at: string;
}

const FORGOTTEN = 'forgotten';
/** Candidates whose events are read at the same time. */
const READS = 16;

/** What rows would change: all those about some candidates. By the commands of their kind on an overlay that ends with the call. */
export async function previewRows(
  rows: readonly OpenedRow[],
  { correction, kind, upTo, at }: Previewing,
  { events, vault, catalogue }: PreviewSources,
  release: CorrectionRelease,
): Promise<readonly PreviewedCandidate[]> {
  const read = new ReadRevisions(readOnce(events, upTo), upTo);
  const overlay = new OverlayEventStore(read.readable, upTo, release.eventTypes);
  const safes = new SafesOverlay(vault, correction);
  const ports = { events: overlay, catalogue, vault: safes };
  const deciding = {
    correction,
    kind: release.kinds[kind],
    at,
    ports,
    guard: onlyOwnSince(upTo, correction),
    commands: correctionCommands(release.handlers, overlay, safes, catalogue),
  };
  const byCandidate = [...Map.groupBy(rows, ({ candidateId }) => candidateId)];
  const decided = await causedInBackground({ by: 'preview', origin: 'office', correlation: correction }, () =>
    Promise.all(byCandidate.map(([, own]) => decideInOrder(own, deciding))),
  );
  const candidateDocuments = new CandidateDocuments(release.projections);
  const recordedBy = Map.groupBy(overlay.kept, ({ metadata }) => metadata.command);
  return inParallel(decided, READS, async (own) => {
    const [{ candidateId }] = own as readonly [DecidedRow];
    const outcomes = own.map((row): PreviewedRow => {
      const recorded = recordedBy.get(row.id) ?? [];
      return { ...row, events: recorded, reactions: reactionsTo(recorded, release.reactors, at) };
    });
    const isChanged = outcomes.some((row) => row.events.length > 0);
    const documents = isChanged ? candidateDocuments.changed(await overlay.subject(candidateId), upTo) : [];
    const digest = digestOf(await safes.safe(candidateId), outcomes, documents, { streams: read.of(candidateId), at });
    return { candidateId, rows: outcomes, documents, digest };
  });
}

interface Facts {
  readonly streams: ReturnType<ReadRevisions['of']>;
  readonly at: string;
}

function digestOf(safe: Safe, rows: readonly PreviewedRow[], documents: readonly ChangedDocument[], { streams, at }: Facts): string {
  if (rows.every(({ refusal }) => refusal?.code === 'correction.forgotten')) return FORGOTTEN;
  const volatile = new Map([[at, '<time>']]);
  return safe.digest({
    streams,
    documents: documents.map(({ readModel, version, key, position, fault }) => [readModel, version, key, position, fault]),
    rows: rows.map(({ events, id: _, command: __, ...row }) => [
      row,
      events.map(({ type, stream, data }) => [type, stream, openedValue(data, safe, volatile)]),
    ]),
  });
}
