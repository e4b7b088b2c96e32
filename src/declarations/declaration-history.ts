import type { Recorded } from '../event-store/event.js';
import { foldHistory } from '../event-store/reading/fold-history.js';
import type { DeclarationEvent, DeclarationTerms, DeclaredMajor } from './declarations.events.js';

interface DeclarationSummary extends DeclaredMajor {
  /** Neither withdrawn nor rejected. */
  readonly isActive: boolean;
  /** The number of the bill that was issued for it here. */
  readonly bill?: string | undefined;
}

/** The id of the newest declaration of a major that is neither withdrawn nor rejected, by the candidate's events. @throws StoreUnavailable */
export function activeDeclaration(history: readonly Recorded[], of: DeclaredMajor): string | undefined {
  return declarations(history).findLast(([, each]) => each.isActive && isOf(each, of))?.[0];
}

/** The ids of a candidate's declarations that are neither withdrawn nor rejected. @throws StoreUnavailable */
export function activeDeclarations(history: readonly Recorded[]): readonly string[] {
  return declarations(history).flatMap(([id, { isActive }]) => (isActive ? [id] : []));
}

/**
 * The id of the declaration that a bill is for: the one for which it was issued here, active or not; for a bill of the PC system
 * the newest active declaration without a bill from here.
 * @throws StoreUnavailable
 */
export function billedDeclaration(history: readonly Recorded[], bill: string, of: DeclaredMajor): string | undefined {
  const all = declarations(history);
  const [id] = all.find(([, each]) => each.bill === bill) ?? all.findLast(([, each]) => each.isActive && each.bill === undefined && isOf(each, of)) ?? [];
  return id;
}

function declarations(history: readonly Recorded[]): readonly (readonly [string, DeclarationSummary])[] {
  const found = new Map<string, DeclarationSummary>();
  const setTerms = (data: DeclarationTerms) => {
    found.set(data.declaration, { isActive: true, ...found.get(data.declaration), kind: data.kind, period: data.period, major: data.major });
  };
  const setActive = (isActive: boolean) => (data: { readonly declaration: string }) => change(found, data.declaration, { isActive });
  foldHistory<DeclarationEvent>(history, {
    DeclarationSubmitted: setTerms,
    DeclarationCorrected: setTerms,
    DeclarationPaymentRequested: ({ declaration, issues }) => change(found, declaration, { isActive: true, ...(issues && { bill: issues.bill }) }),
    DeclarationPaid: setActive(true),
    DeclarationApproved: setActive(true),
    DeclarationReopened: setActive(true),
    DeclarationVoided: ({ declaration }) => {
      found.delete(declaration);
    },
    DeclarationRejected: setActive(false),
    DeclarationWithdrawn: setActive(false),
  });
  return [...found];
}

function change(found: Map<string, DeclarationSummary>, id: string, changes: Partial<DeclarationSummary>): void {
  const before = found.get(id);
  if (before) found.set(id, { ...before, ...changes });
}

function isOf(one: DeclaredMajor, other: DeclaredMajor): boolean {
  return one.kind === other.kind && one.period === other.period && one.major === other.major;
}
