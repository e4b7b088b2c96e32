import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import type { Recorded } from '../event-store/event.js';
import type { RegistrationEvent } from '../registrations/registrations.events.js';
import type { DeclarationEvent } from './declarations.events.js';

/** What is declared: a major for a kind in a period. */
export interface Declarable {
  readonly kind: DeclarationKind;
  readonly period: string;
  readonly major: string;
}

/** The id of a candidate's declaration of something, by the candidate's events: the newest that was neither withdrawn nor refused. */
export function declared(history: readonly Recorded[], { kind, period, major }: Declarable): string | undefined {
  const standing = new Set<string>();
  for (const { type, data } of history as unknown as readonly DeclarationEvent[]) {
    if (type === 'DeclarationSubmitted' || type === 'DeclarationCorrected') {
      if (data.kind === kind && data.period === period && data.major === major) standing.add(data.declaration);
      else standing.delete(data.declaration);
    }
    if (type === 'DeclarationWithdrawn' || type === 'DeclarationRejected') standing.delete(data.declaration);
  }
  return [...standing].at(-1);
}

/** Whether a candidate studies a major, or has finished it, by the candidate's events. */
export function studies(history: readonly Recorded[], major: string): boolean {
  const last = (history as unknown as readonly RegistrationEvent[])
    .filter(({ type, data }) => (type === 'MajorAdded' || type === 'MajorLeft') && data.major === major)
    .at(-1);
  return last?.type === 'MajorAdded';
}
