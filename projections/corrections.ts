import type { CorrectionEvent, ProposalTerms } from '../src/office/corrections/corrections.events.js';
import { projection } from '../src/read-models/projection.js';

/** A correction as it stands; instants in UTC, officers by their accounts. */
export interface Correction extends Omit<ProposalTerms, 'by'> {
  readonly proposer: string;
  readonly proposedAt: string;
  readonly state: 'proposed' | 'returned' | 'withdrawn' | 'approved' | 'applied' | 'undone';
  /** Who approved, returned or withdrew it, when, and why it was returned. */
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly note?: string;
  /** Approved by the proposer alone, and whether another approver has not agreed yet. */
  readonly emergency?: boolean;
  readonly awaitsSecond?: boolean;
  readonly secondBy?: string;
  /** So far: rows, those refused, those whose documents are not as the preview said, and events. */
  readonly done: number;
  readonly refused: number;
  readonly differing: number;
  readonly recorded: number;
  readonly appliedAt?: string;
  /** The correction that has taken it back. */
  readonly undoneBy?: string;
}

/** Sorts the newest first. */
const LAST = 9_999_999_999_999;

export const corrections = projection<Correction, CorrectionEvent>({
  name: 'corrections',
  version: 1,
  key: ({ data }) => data.correction,
  empty: {
    correction: '',
    kind: 'score',
    proposer: '',
    reason: '',
    rows: 0,
    chunks: 0,
    leftOut: 0,
    proposedAt: '',
    state: 'proposed',
    done: 0,
    refused: 0,
    differing: 0,
    recorded: 0,
  },
  instants: ['proposedAt', 'decidedAt', 'appliedAt'],
  money: [],
  indexes: {
    waiting: ({ state, awaitsSecond, proposedAt }) => (state === 'proposed' || awaitsSecond ? proposedAt : undefined),
    newest: ({ proposedAt }) => String(LAST - Date.parse(proposedAt)),
  },
  lookups: { proposer: ({ proposer }) => [proposer] },
  on: {
    CorrectionProposed: (doc, { data: { by, ...terms }, recordedAt }) => ({ ...doc, ...terms, proposer: by, proposedAt: recordedAt }),
    CorrectionApproved: (doc, { data: { by, emergency }, recordedAt }) => ({
      ...doc,
      state: 'approved',
      decidedBy: by,
      decidedAt: recordedAt,
      ...(emergency && { emergency, awaitsSecond: true }),
    }),
    CorrectionApprovedAfterwards: ({ awaitsSecond: _, ...doc }, { data: { by } }) => ({ ...doc, secondBy: by }),
    CorrectionReturned: (doc, { data: { by, note }, recordedAt }) => ({ ...doc, state: 'returned', decidedBy: by, decidedAt: recordedAt, note }),
    CorrectionWithdrawn: (doc, { data: { by }, recordedAt }) => ({ ...doc, state: 'withdrawn', decidedBy: by, decidedAt: recordedAt }),
    CorrectionApplied: (doc, { data: { rows, recorded, refused, differing, isLast }, recordedAt }) => ({
      ...doc,
      done: doc.done + rows,
      recorded: doc.recorded + recorded,
      refused: doc.refused + refused,
      differing: doc.differing + differing,
      ...(isLast && { state: 'applied' as const, appliedAt: recordedAt }),
    }),
    CorrectionUndone: (doc, { data: { undo } }) => ({ ...doc, state: 'undone', undoneBy: undo }),
  },
});
