import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/fold-history.js';
import type { RegistrationEvent } from '../registrations/registrations.events.js';
import type { DeclarationEvent, DeclarationTerms } from './declarations.events.js';

/** What is declared: a major for a kind in a period. */
export interface Declarable {
  readonly kind: DeclarationKind;
  readonly period: string;
  readonly major: string;
}

/** A declaration as it was last told of. */
interface Declared extends Declarable {
  /** Neither withdrawn nor refused. */
  readonly isActive: boolean;
  /** The number of the bill that was issued for it here. */
  readonly bill?: string | undefined;
}

/** The id of a candidate's declaration of something, by the candidate's events: the newest that was neither withdrawn nor refused. */
export function declared(history: readonly Recorded[], of: Declarable): string | undefined {
  return declarations(history).findLast(([, each]) => each.isActive && isOf(each, of))?.[0];
}

/**
 * The id of the declaration that a bill is for: that which it was issued for here, active or not, or for a bill of the PC
 * system the newest active one that has none from here.
 */
export function declaredOn(history: readonly Recorded[], bill: string, of: Declarable): string | undefined {
  const all = declarations(history);
  const [id] = all.find(([, each]) => each.bill === bill) ?? all.findLast(([, each]) => each.isActive && each.bill === undefined && isOf(each, of)) ?? [];
  return id;
}

function declarations(history: readonly Recorded[]): readonly (readonly [string, Declared])[] {
  const found = new Map<string, Declared>();
  const recordTerms = (data: DeclarationTerms) => {
    found.set(data.declaration, { isActive: true, ...found.get(data.declaration), kind: data.kind, period: data.period, major: data.major });
  };
  const setActive = (isActive: boolean) => (data: { readonly declaration: string }) => change(found, data.declaration, { isActive });
  foldHistory<DeclarationEvent>(history, {
    DeclarationSubmitted: recordTerms,
    DeclarationCorrected: recordTerms,
    DeclarationPaymentRequested: ({ declaration, issues }) => change(found, declaration, { isActive: true, ...(issues && { bill: issues.bill }) }),
    DeclarationPaid: setActive(true),
    DeclarationApproved: setActive(true),
    DeclarationReopened: setActive(true),
    DeclarationRejected: setActive(false),
    DeclarationWithdrawn: setActive(false),
  });
  return [...found];
}

function change(found: Map<string, Declared>, id: string, changes: Partial<Declared>): void {
  const before = found.get(id);
  if (before) found.set(id, { ...before, ...changes });
}

function isOf(one: Declarable, other: Declarable): boolean {
  return one.kind === other.kind && one.period === other.period && one.major === other.major;
}

/** Whether a candidate studies a major, or has finished it, by the candidate's events. */
export function studies(history: readonly Recorded[], major: string): boolean {
  let isStudied = false;
  foldHistory<RegistrationEvent>(history, {
    MajorAdded: (data) => {
      if (data.major === major) isStudied = true;
    },
    MajorLeft: (data) => {
      if (data.major === major) isStudied = false;
    },
  });
  return isStudied;
}
