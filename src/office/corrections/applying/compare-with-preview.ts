import type { Position, Recorded } from '../../../event-store/event.js';
import { same } from '../../../event-store/same.js';
import type { Safe } from '../../../vault/vault.js';
import type { CandidateDocuments, FoldedDocument } from '../preview/changed-documents.js';
import { openedValue, type Volatile } from '../preview/opened-value.js';
import type { PreviewedCandidate } from '../preview/preview-rows.js';

interface Comparing {
  /** Where the log ended for the preview. */
  readonly upTo: Position;
  /** The time of the commands: of the preview, and of what was recorded. */
  readonly at: string;
  readonly safe: Safe;
  readonly documents: CandidateDocuments;
}

/** Whether events or documents are others than the preview said: but for ids, times and positions, with sealed values opened. */
export function differs({ rows, documents }: PreviewedCandidate, history: readonly Recorded[], { upTo, at, safe, documents: all }: Comparing): boolean {
  const foreseen = rows.flatMap(({ events }) => events);
  const recorded = history.filter(({ position }) => position > upTo);
  const [one, other] = [comparable(foreseen, documents, safe, at), comparable(recorded, all.afresh(history, upTo), safe, at)];
  return !same(one, other);
}

function comparable(events: readonly Recorded[], documents: readonly FoldedDocument[], safe: Safe, at: string) {
  const volatile: Volatile = new Map([
    [at, '<time>'],
    ...events.flatMap(({ id, recordedAt, position, metadata }, place) => [
      [id, `<event ${place}>`] as const,
      [recordedAt, '<time>'] as const,
      [position, `<position ${place}>`] as const,
      [metadata.command, `<command of ${place}>`] as const,
    ]),
  ]);
  return {
    events: events.map(({ type, stream, revision, data }) => [type, stream, revision, openedValue(data, safe, volatile)]),
    documents: documents.map(({ readModel, version, key, after, fault }) => [readModel, version, key, openedValue(after, safe, volatile), fault !== undefined]),
  };
}
