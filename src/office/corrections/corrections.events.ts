import type { Event } from '../../event-store/event.js';
import type { EventTypes } from '../../event-store/event-types.js';
import type { Sealed } from '../../vault/vault.js';

/** The kinds of facts that are corrected one by one. */
export type CorrectionName = 'score' | 'person' | 'seat' | 'enrolment' | 'confirmation' | 'account' | 'major' | 'payment' | 'declaration' | 'application';

/** The columns of a row as they were given, by name: sealed with the candidate's key, so that forgetting reaches them. */
export type SealedColumns = Sealed<Readonly<Record<string, string>>>;

/** A row of a proposal by its line, the only one being 1. */
export interface ProposedRow {
  readonly line: number;
  readonly candidateId: string;
  readonly columns: SealedColumns;
}

/** What is proposed. The rows are in chunks, each in a stream of its own, which are recorded before the proposal. */
export interface ProposalTerms {
  readonly correction: string;
  readonly kind: CorrectionName;
  /** The account of the officer who proposes. */
  readonly by: string;
  readonly reason: string;
  /** The number of a request in another system. */
  readonly ticket?: string | undefined;
  /** The SHA-256 of a document that shows why, in hex. */
  readonly evidence?: string | undefined;
  readonly rows: number;
  readonly chunks: number;
  /** Rows of the file that cannot be read or are of nobody, and are not proposed. */
  readonly leftOut: number;
  /** The correction that this one takes back. */
  readonly undoes?: string | undefined;
}

/** A row with what it has to say to be taken back, as it was before: none where there is no way back. */
export interface RowBefore extends Omit<ProposedRow, 'columns'> {
  readonly before?: SealedColumns | undefined;
}

/** A row that was refused, and the code and the text of why. */
export interface RefusedLine {
  readonly line: number;
  readonly code: string;
  readonly reason: string;
}

/** A correction 更正, from its proposal to what became of it. `approval` is the id of what was agreed to, `by` an account. */
export type CorrectionEvent =
  /** One chunk of what will be proposed; all rows of a candidate are in the same. */
  | Event<'CorrectionRowsListed', { correction: string; chunk: number; rows: readonly ProposedRow[] }>
  | Event<'CorrectionProposed', ProposalTerms>
  /** Of a chunk, for each candidate the keyed digest of what was shown to whoever approves. */
  | Event<'CorrectionPreviewSeen', { correction: string; approval: string; chunk: number; digests: Readonly<Record<string, string>> }>
  /** `fingerprint`: of the whole preview. `emergency`: by the proposer alone, where a second person is needed. */
  | Event<'CorrectionApproved', { correction: string; approval: string; by: string; fingerprint: string; emergency?: true | undefined }>
  /** By another approver, of an emergency. */
  | Event<'CorrectionApprovedAfterwards', { correction: string; by: string }>
  | Event<'CorrectionReturned', { correction: string; by: string; note: string }>
  | Event<'CorrectionWithdrawn', { correction: string; by: string }>
  /** Recorded before a chunk is applied: the rows that may be, and those whose preview does not hold any more. `upTo`: the log's end; `at`: the time of the commands. */
  | Event<'CorrectionChunkBegun', { correction: string; chunk: number; upTo: string; at: string; rows: readonly RowBefore[]; refused: readonly RefusedLine[] }>
  /** `differing`: lines whose candidates' documents are not as the preview said. */
  | Event<'CorrectionChunkApplied', { correction: string; chunk: number; recorded: number; refused: readonly RefusedLine[]; differing: readonly number[] }>
  /** The same of a chunk in numbers, in the correction's own stream. `undoes` with the last. */
  | Event<
      'CorrectionApplied',
      { correction: string; chunk: number; rows: number; recorded: number; refused: number; differing: number; isLast: boolean; undoes?: string | undefined }
    >
  | Event<'CorrectionUndone', { correction: string; undo: string }>;

export const correctionEvents: EventTypes<CorrectionEvent> = {
  CorrectionRowsListed: [],
  CorrectionProposed: [],
  CorrectionPreviewSeen: [],
  CorrectionApproved: [],
  CorrectionApprovedAfterwards: [],
  CorrectionReturned: [],
  CorrectionWithdrawn: [],
  CorrectionChunkBegun: [],
  CorrectionChunkApplied: [],
  CorrectionApplied: [],
  CorrectionUndone: [],
};
