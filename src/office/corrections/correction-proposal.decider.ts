import type { Decider } from '../../event-store/decider.js';
import type { CorrectionEvent, ProposalTerms } from './corrections.events.js';
import { refused } from './corrections.refusals.js';

type ProposalState = 'none' | 'proposed' | 'returned' | 'withdrawn' | 'approved' | 'applied' | 'undone';

const STATES: Readonly<Record<Exclude<ProposalState, 'none' | 'proposed'>, string>> = {
  returned: '退回',
  withdrawn: '撤回',
  approved: '批准',
  applied: '执行完',
  undone: '撤销',
};

/** A proposed correction by its own stream. */
export interface Proposal {
  readonly state: ProposalState;
  readonly terms?: ProposalTerms;
  readonly approval?: { readonly id: string; readonly by: string; readonly fingerprint: string; readonly isEmergency: boolean };
  /** Of an emergency that nobody else has approved yet. */
  readonly awaitsSecond: boolean;
  /** How many chunks are applied. */
  readonly applied: number;
  /** How many events these have recorded. */
  readonly recorded: number;
}

export const correctionProposal: Decider<Proposal, CorrectionEvent> = {
  initial: () => ({ state: 'none', awaitsSecond: false, applied: 0, recorded: 0 }),
  evolve(proposal, { type, data }) {
    switch (type) {
      case 'CorrectionProposed':
        return { ...proposal, state: 'proposed', terms: data };
      case 'CorrectionApproved': {
        const isEmergency = data.emergency === true;
        const approval = { id: data.approval, by: data.by, fingerprint: data.fingerprint, isEmergency };
        return { ...proposal, state: 'approved', approval, awaitsSecond: isEmergency };
      }
      case 'CorrectionApprovedAfterwards':
        return { ...proposal, awaitsSecond: false };
      case 'CorrectionReturned':
        return { ...proposal, state: 'returned' };
      case 'CorrectionWithdrawn':
        return { ...proposal, state: 'withdrawn' };
      case 'CorrectionApplied':
        return { ...proposal, state: data.isLast ? 'applied' : 'approved', applied: data.chunk + 1, recorded: proposal.recorded + data.recorded };
      case 'CorrectionUndone':
        return { ...proposal, state: 'undone' };
      case 'CorrectionRowsListed': // these are in streams of their own
      case 'CorrectionPreviewSeen':
      case 'CorrectionChunkBegun':
      case 'CorrectionChunkApplied':
        return proposal;
    }
  },
};

/** @throws Refusal correction.no_rows */
export function proposeCorrection({ state }: Proposal, terms: ProposalTerms): CorrectionEvent[] {
  if (terms.rows === 0) throw refused('correction.no_rows');
  return state === 'none' ? [{ type: 'CorrectionProposed', data: terms }] : [];
}

/** Somebody who decides about a proposal. */
interface Decision {
  readonly correction: string;
  /** The account. */
  readonly by: string;
}

/** What approving depends on beside the proposal. */
export interface ApprovalFacts {
  readonly isApprover: boolean;
  /** Whether the officer could propose all of it now: who could not any more does not approve the own one. */
  readonly mayPropose: boolean;
  /** What an undo takes back, as it is now. */
  readonly undone?: Proposal | undefined;
  /** The fingerprint of the preview as it is now, and how many rows it changes. */
  readonly fingerprint: string;
  readonly changes: number;
  /** Why a second person is needed, for people; undefined where none is. */
  readonly second: string | undefined;
}

/**
 * Agrees to the preview that was shown. Where no second person is needed, the proposer does it.
 * @param emergency the proposer, an approver, does it alone although a second person is needed
 * @throws Refusal correction.unknown, correction.not_open, correction.not_approver, correction.own, correction.no_emergency,
 * correction.not_allowed, correction.undone, correction.expired, correction.nothing
 */
export function approveCorrection(
  proposal: Proposal,
  { correction, approval, by, fingerprint, emergency }: Decision & { readonly approval: string; readonly fingerprint: string; readonly emergency: boolean },
  facts: ApprovalFacts,
): CorrectionEvent[] {
  const terms = openTerms(proposal, correction);
  const isOwn = by === terms.by;
  if (!facts.isApprover && (!isOwn || emergency)) throw refused('correction.not_approver');
  if (isOwn && !facts.mayPropose) throw refused('correction.not_allowed');
  if (terms.undoes !== undefined && facts.undone) assertUndoable(facts.undone, terms.undoes);
  if (emergency && !(isOwn && facts.second !== undefined)) throw refused('correction.no_emergency');
  if (isOwn && facts.second !== undefined && !emergency) throw refused('correction.own', { why: facts.second });
  if (fingerprint !== facts.fingerprint) throw refused('correction.expired');
  if (facts.changes === 0) throw refused('correction.nothing');
  return [{ type: 'CorrectionApproved', data: { correction, approval, by, fingerprint, ...(emergency && { emergency: true as const }) } }];
}

/** Another approver agrees to an emergency afterwards. @throws Refusal correction.unknown, correction.not_emergency, correction.own_emergency, correction.not_approver */
export function approveAfterwards(proposal: Proposal, { correction, by }: Decision, { isApprover }: Pick<ApprovalFacts, 'isApprover'>): CorrectionEvent[] {
  if (!proposal.terms) throw refused('correction.unknown', { correction });
  if (!proposal.approval?.isEmergency) throw refused('correction.not_emergency');
  if (!proposal.awaitsSecond) return [];
  if (!isApprover) throw refused('correction.not_approver');
  if (by === proposal.approval.by) throw refused('correction.own_emergency');
  return [{ type: 'CorrectionApprovedAfterwards', data: { correction, by } }];
}

/** An approver does not agree. @throws Refusal correction.unknown, correction.not_open, correction.not_approver, correction.own_return */
export function returnCorrection(
  proposal: Proposal,
  { correction, by, note }: Decision & { readonly note: string },
  { isApprover }: Pick<ApprovalFacts, 'isApprover'>,
): CorrectionEvent[] {
  const terms = openTerms(proposal, correction);
  if (by === terms.by) throw refused('correction.own_return');
  if (!isApprover) throw refused('correction.not_approver');
  return [{ type: 'CorrectionReturned', data: { correction, by, note } }];
}

/** The proposer takes it back. @throws Refusal correction.unknown, correction.not_open, correction.not_own */
export function withdrawCorrection(proposal: Proposal, { correction, by }: Decision): CorrectionEvent[] {
  const terms = openTerms(proposal, correction);
  if (by !== terms.by) throw refused('correction.not_own');
  return [{ type: 'CorrectionWithdrawn', data: { correction, by } }];
}

/** What became of a chunk, in numbers. */
export interface ChunkOutcome {
  readonly chunk: number;
  readonly rows: number;
  readonly recorded: number;
  readonly refused: number;
  readonly differing: number;
}

/** Notes a chunk once, in order; with the last what was undone, if anything was. @throws Error for one that is not next: nothing was approved, or another is missing */
export function noteApplied({ state, terms, applied, recorded }: Proposal, correction: string, outcome: ChunkOutcome): CorrectionEvent[] {
  if (outcome.chunk < applied) return [];
  if (state !== 'approved' || !terms || outcome.chunk > applied) throw new Error(`chunk ${outcome.chunk} of ${correction} is not the next to be applied`);
  const isLast = outcome.chunk + 1 === terms.chunks;
  const undoes = isLast && terms.undoes !== undefined && recorded + outcome.recorded > 0 && { undoes: terms.undoes };
  return [{ type: 'CorrectionApplied', data: { correction, ...outcome, isLast, ...undoes } }];
}

/** Notes that another correction has taken this one back. */
export function noteUndone({ state }: Proposal, correction: string, undo: string): CorrectionEvent[] {
  return state === 'applied' ? [{ type: 'CorrectionUndone', data: { correction, undo } }] : [];
}

/** Whether a correction can be taken back by another one. @throws Refusal correction.unknown, correction.not_applied, correction.undone */
export function assertUndoable({ state, terms }: Proposal, correction: string): ProposalTerms {
  if (!terms) throw refused('correction.unknown', { correction });
  if (state === 'undone') throw refused('correction.undone');
  if (state !== 'applied') throw refused('correction.not_applied');
  return terms;
}

function openTerms({ state, terms }: Proposal, correction: string): ProposalTerms {
  if (!terms || state === 'none') throw refused('correction.unknown', { correction });
  if (state !== 'proposed') throw refused('correction.not_open', { state: STATES[state] });
  return terms;
}
