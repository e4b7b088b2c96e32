import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import type { Event } from '../event-store/event.js';
import type { EventTypes } from '../event-store/event-types.js';
import type { BillLine } from '../payments/payments.events.js';
import type { Sealed } from '../vault/vault.js';

/** 已申报, 待缴费, 已缴费, 审核通过, 审核不通过, 已撤回 */
export type DeclarationState = 'submitted' | 'payment_due' | 'paid' | 'approved' | 'rejected' | 'withdrawn';

/** A declaration 申报 of thesis, graduation or degree to a university 申报单位. Dates are `YYYY-MM-DD`. */
export interface DeclarationTerms {
  readonly candidateId: string;
  readonly declaration: string;
  readonly kind: DeclarationKind;
  readonly period: string;
  readonly major: string;
  readonly university: string;
  readonly appliedOn?: string | undefined;
}

/** What is declared: a major, of a kind, in a declaration period. */
export type DeclaredMajor = Pick<DeclarationTerms, 'kind' | 'period' | 'major'>;

/** The bill of a declaration that costs. Fen; instants. */
export interface DeclarationBill {
  readonly bill: string;
  readonly kind: 'thesis' | 'degree';
  readonly period: string;
  readonly lines: readonly BillLine[];
  readonly fen: number;
  readonly createdAt: string;
  readonly dueBy?: string | undefined;
}

interface DeclarationDecision {
  readonly candidateId: string;
  readonly declaration: string;
  readonly decidedOn?: string | undefined;
  /** Free text about a person. `digest` tells whether it changed. */
  readonly remark?: Sealed<string> | undefined;
  readonly digest?: string | undefined;
}

export type DeclarationEvent =
  | Event<'DeclarationSubmitted', DeclarationTerms>
  | Event<'DeclarationCorrected', DeclarationTerms>
  /** With `issues` where the bill is to be issued here; a declaration reported by the PC system has its bill from there. */
  | Event<'DeclarationPaymentRequested', DeclarationDecision & { readonly issues?: DeclarationBill | undefined }>
  /** `here` where its bill was paid here, which the PC system does not know. */
  | Event<'DeclarationPaid', DeclarationDecision & { readonly here?: true | undefined }>
  | Event<'DeclarationApproved', DeclarationDecision>
  | Event<'DeclarationRejected', DeclarationDecision>
  | Event<'DeclarationWithdrawn', DeclarationDecision>
  /** Back to 已申报: a decision is reversed, or a remark is added without one. */
  | Event<'DeclarationReopened', DeclarationDecision>
  /** It was recorded wrongly: as if it had never been submitted. */
  | Event<'DeclarationVoided', { candidateId: string; declaration: string }>;

export const declarationEvents: EventTypes<DeclarationEvent> = {
  DeclarationSubmitted: [],
  DeclarationCorrected: [],
  DeclarationPaymentRequested: [],
  DeclarationPaid: [],
  DeclarationApproved: [],
  DeclarationRejected: [],
  DeclarationWithdrawn: [],
  DeclarationReopened: [],
  DeclarationVoided: [],
};
