import type { DeclarationKind, WindowState } from '../catalogue/catalogue.events.js';
import type { Decider, Given } from '../event-store/decider.js';
import { same } from '../event-store/same.js';
import type { Sealed } from '../vault/vault.js';
import type { DeclarationBill, DeclarationEvent, DeclarationState, DeclarationTerms } from './declarations.events.js';
import { refused } from './declarations.refusals.js';

/** The status of a declaration, with the digest of the remark. */
interface DeclarationStatus {
  readonly state: DeclarationState;
  readonly decidedOn?: string | undefined;
  readonly digest?: string | undefined;
}

interface Declaration {
  /** Missing until it is submitted. */
  readonly terms?: DeclarationTerms;
  readonly status: DeclarationStatus;
  /** Of the status. */
  readonly remark?: Sealed<string> | undefined;
  readonly paidHere?: true | undefined;
  /** The bill that was issued for it here. */
  readonly bill?: string | undefined;
}

const submitted: DeclarationStatus = { state: 'submitted' };

export const declaration: Decider<Declaration, DeclarationEvent> = {
  initial: () => ({ status: submitted }),
  evolve(state, { type, data }) {
    switch (type) {
      case 'DeclarationSubmitted':
        return { terms: data, status: submitted };
      case 'DeclarationCorrected':
        return { ...state, terms: data };
      case 'DeclarationPaymentRequested':
        return withStatus({ ...state, bill: data.issues?.bill ?? state.bill, paidHere: undefined }, 'payment_due', data);
      case 'DeclarationPaid':
        return { ...withStatus(state, 'paid', data), paidHere: data.here };
      case 'DeclarationApproved':
        return withStatus(state, 'approved', data);
      case 'DeclarationRejected':
        return withStatus(state, 'rejected', data);
      case 'DeclarationWithdrawn':
        return withStatus(state, 'withdrawn', data);
      case 'DeclarationReopened':
        return withStatus(state, 'submitted', data);
      case 'DeclarationVoided':
        return { status: submitted };
    }
  },
};

interface Decision {
  readonly decidedOn?: string | undefined;
  readonly remark?: Sealed<string> | undefined;
  readonly digest?: string | undefined;
}

function withStatus(before: Declaration, state: DeclarationState, { decidedOn, remark, digest }: Decision): Declaration {
  return { ...before, status: { state, decidedOn, digest }, remark };
}

/** A remark as it is recorded. It is free text about a person. */
export interface SealedRemark {
  readonly remark: Sealed<string>;
  readonly digest: string;
}

/** What is declared; `appliedOn` is the date in Beijing. */
interface Submission {
  readonly given: Given;
  readonly declaration: string;
  readonly candidateId: string;
  readonly kind: DeclarationKind;
  readonly period: string;
  readonly major: string;
  readonly appliedOn: string;
}

/** What declaring depends on beside its own stream. */
export interface DeclarationFacts {
  readonly window: WindowState;
  /** The university that leads the major. */
  readonly university: string | undefined;
  /** Whether the candidate studies the major. */
  readonly studied: boolean;
  /** The id of an active declaration of the same kind, period and major. */
  readonly other: string | undefined;
  /** Undefined where nothing is to be paid. */
  readonly bill: DeclarationBill | undefined;
}

/**
 * Declares 申报 a major for thesis, graduation or degree. With a fee it waits for the payment of its bill.
 * @throws Refusal declaration.not_open, declaration.closed, declaration.not_studied, declaration.declared
 */
export function submitDeclaration(
  state: Declaration,
  { given, declaration, candidateId, kind, period, major, appliedOn }: Submission,
  { window, university, studied, other, bill }: DeclarationFacts,
): DeclarationEvent[] {
  if (state.terms) return [];
  if (window !== 'open') throw refused(`declaration.${window}`, { period });
  if (bill?.dueBy !== undefined && given.at >= bill.dueBy) throw refused('declaration.closed', { period });
  if (!studied || university === undefined) throw refused('declaration.not_studied', { major });
  if (other !== undefined) throw refused('declaration.declared', { major });
  const submitted: DeclarationEvent = { type: 'DeclarationSubmitted', data: { candidateId, declaration, kind, period, major, university, appliedOn } };
  return bill ? [submitted, { type: 'DeclarationPaymentRequested', data: { candidateId, declaration, issues: bill } }] : [submitted];
}

/**
 * Records that its bill is paid.
 * @throws Refusal declaration.unknown, declaration.ended when it was withdrawn or rejected meanwhile
 */
export function payDeclaration({ terms, status }: Declaration): DeclarationEvent[] {
  if (!terms) throw refused('declaration.unknown');
  const { candidateId, declaration } = terms;
  switch (status.state) {
    case 'submitted':
    case 'payment_due':
      return [{ type: 'DeclarationPaid', data: { candidateId, declaration, here: true } }];
    case 'paid':
    case 'approved':
      return [];
    case 'rejected':
    case 'withdrawn':
      throw refused('declaration.ended', { declaration });
  }
}

/** Records that its bill is not paid after all. */
export function unpayDeclaration({ terms, status, paidHere }: Declaration): DeclarationEvent[] {
  if (!terms || !paidHere || status.state !== 'paid') return [];
  return [{ type: 'DeclarationPaymentRequested', data: { candidateId: terms.candidateId, declaration: terms.declaration } }];
}

/** Withdraws a declaration whose bill ended unpaid. */
export function lapseDeclaration({ terms, status }: Declaration): DeclarationEvent[] {
  if (!terms || status.state !== 'payment_due') return [];
  return [{ type: 'DeclarationWithdrawn', data: { candidateId: terms.candidateId, declaration: terms.declaration } }];
}

interface ReportedDeclaration {
  readonly terms: DeclarationTerms;
  readonly state: DeclarationState;
  readonly decidedOn?: string | undefined;
}

const eventTypeOf = {
  submitted: 'DeclarationReopened',
  payment_due: 'DeclarationPaymentRequested',
  paid: 'DeclarationPaid',
  approved: 'DeclarationApproved',
  rejected: 'DeclarationRejected',
  withdrawn: 'DeclarationWithdrawn',
} as const;

/**
 * Records a reported declaration and its status: an event for each of the two that is new or changed. A payment made here is kept,
 * since the PC system does not know of it.
 * @throws Refusal declaration.of_another
 */
export function recordDeclaration(
  state: Declaration,
  { terms, state: reported, decidedOn }: ReportedDeclaration,
  remark: SealedRemark | undefined,
): DeclarationEvent[] {
  const before = state.terms;
  if (before && before.candidateId !== terms.candidateId) throw refused('declaration.of_another', { declaration: terms.declaration });
  const events: DeclarationEvent[] = [];
  if (!same(before, terms)) events.push({ type: before ? 'DeclarationCorrected' : 'DeclarationSubmitted', data: terms });
  const paidHere = state.paidHere && (reported === 'submitted' || reported === 'payment_due');
  const next = paidHere ? 'paid' : reported;
  if (!same(state.status, { state: next, decidedOn, digest: remark?.digest })) {
    const { candidateId, declaration } = terms;
    events.push({ type: eventTypeOf[next], data: { candidateId, declaration, decidedOn, ...remark, ...(paidHere && { here: true }) } });
  }
  return events;
}

/** What is corrected of a declaration's status; what is not named stays. */
export interface DeclarationChanges {
  readonly state?: DeclarationState | undefined;
  readonly decidedOn?: string | undefined;
}

interface OfDeclaration {
  readonly candidateId: string;
  readonly declaration: string;
}

/**
 * Corrects what is named of a declaration's status.
 * @throws Refusal declaration.unknown, declaration.paid_here where it would be unpaid again although its bill is paid here
 */
export function correctDeclaration(
  state: Declaration,
  { candidateId, declaration, changes }: OfDeclaration & { readonly changes: DeclarationChanges },
  remark: SealedRemark | undefined,
): DeclarationEvent[] {
  mustBeOf(state, candidateId);
  const { status, paidHere } = state;
  const next: DeclarationStatus = {
    state: changes.state ?? status.state,
    decidedOn: changes.decidedOn ?? status.decidedOn,
    digest: remark?.digest ?? status.digest,
  };
  if (same(status, next)) return [];
  if (paidHere && (next.state === 'submitted' || next.state === 'payment_due')) throw refused('declaration.paid_here');
  const { decidedOn, digest } = next;
  const here = paidHere && next.state === 'paid' && { here: true as const };
  return [{ type: eventTypeOf[next.state], data: { candidateId, declaration, decidedOn, remark: remark?.remark ?? state.remark, digest, ...here } }];
}

/**
 * Takes back a declaration that should never have been recorded.
 * @throws Refusal declaration.unknown, declaration.billed while a bill of it is due or paid here
 */
export function voidDeclaration(state: Declaration, { candidateId, declaration }: OfDeclaration): DeclarationEvent[] {
  mustBeOf(state, candidateId);
  if (state.paidHere || (state.bill !== undefined && state.status.state === 'payment_due')) throw refused('declaration.billed');
  return [{ type: 'DeclarationVoided', data: { candidateId, declaration } }];
}

/** A declaration of another candidate is none. */
function mustBeOf({ terms }: Declaration, candidateId: string): void {
  if (terms?.candidateId !== candidateId) throw refused('declaration.unknown');
}
